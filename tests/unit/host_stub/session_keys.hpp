#pragma once

#include "conversation/session.hpp"

namespace hermes::host::test {

inline const SessionKey zhangsan{"wecom_callback", "hr", "corp:zhangsan"};
inline const SessionKey lisi{"wecom_callback", "hr", "corp:lisi"};

}  // namespace hermes::host::test
