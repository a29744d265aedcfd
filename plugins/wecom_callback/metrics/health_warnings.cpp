#include "metrics/health_warnings.hpp"

namespace hermes::wecom {

std::vector<std::string> health_warnings(const durable::Delivery& delivery) {
    std::vector<std::string> sentences;
    for (const auto& app : delivery.paused()) {
        sentences.push_back(app.shown + " cannot send at the moment" +
                            (app.code == 0 ? "" : ": WeCom answers " + std::to_string(app.code)));
    }
    return sentences;
}

}  // namespace hermes::wecom
