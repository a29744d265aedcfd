target_sources(unit_tests PRIVATE
    protocol/api_error_test.cpp
    protocol/api_json_test.cpp
    protocol/base64_test.cpp
    protocol/callback_error_test.cpp
    protocol/callback_query_test.cpp
    protocol/crypt_refusal_test.cpp
    protocol/crypt_test.cpp
    protocol/envelope_test.cpp
    protocol/file_name_test.cpp
    protocol/foreign_text_test.cpp
    protocol/identity_test.cpp
    protocol/inbound_kinds_test.cpp
    protocol/inbound_test.cpp
    protocol/menu_test.cpp
    protocol/media_message_test.cpp
    protocol/media_range_test.cpp
    protocol/media_test.cpp
    protocol/recipient_test.cpp
    protocol/media_type_test.cpp
    protocol/template_card_test.cpp
    protocol/vectors_test.cpp
    protocol/xml_test.cpp)
# Raw AES, to make what no honest encryptor makes.
target_link_libraries(unit_tests PRIVATE hermes_cryptopp)
