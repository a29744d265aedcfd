// A value or the code that says why there is none.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace hermes::base {

template <typename T>
using Result = boost::system::result<T, boost::system::error_code>;

}  // namespace hermes::base
