#include "durable/database/write.hpp"

namespace hermes::durable {

void LogFailure::operator()(boost::system::error_code error) const {
    if (error) {
        log_(base::Severity::error, what_ + " could not be written: " + error.message());
    }
}

}  // namespace hermes::durable
