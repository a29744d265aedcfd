target_sources(unit_tests PRIVATE
    policy/access_test.cpp
    policy/apps_test.cpp
    policy/arrival_test.cpp
    policy/callback_test.cpp
    policy/callback_routing_test.cpp
    policy/duplicate_key_test.cpp
    policy/link_card_test.cpp
    policy/menu_texts_test.cpp
    policy/routing_test.cpp
    policy/source_address_test.cpp
    policy/verification_test.cpp)
