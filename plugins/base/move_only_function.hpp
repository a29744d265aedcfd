// A function object with one owner: what std::function would be if it did not ask that what it
// holds can be copied. The subset of C++23's std::move_only_function that is used here.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace hermes::base {

template <typename Signature>
class MoveOnlyFunction;

template <typename R, typename... Args>
class MoveOnlyFunction<R(Args...)> {
public:
    MoveOnlyFunction() noexcept = default;
    MoveOnlyFunction(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)

    template <typename F>
    requires(!std::same_as<std::remove_cvref_t<F>, MoveOnlyFunction> &&
             std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
        // NOLINTNEXTLINE(google-explicit-constructor, bugprone-forwarding-reference-overload)
        MoveOnlyFunction(F&& function) {
        if constexpr (std::same_as<std::decay_t<F>, std::function<R(Args...)>>) {
            if (!function) {
                return;
            }
        }
        target_ = std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(function));
    }

    explicit operator bool() const noexcept { return target_ != nullptr; }

    R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }

private:
    struct Target {
        virtual ~Target() = default;
        virtual R call(Args... args) = 0;
    };

    template <typename F>
    struct Holder final : Target {
        explicit Holder(F held) : function(std::move(held)) {}
        R call(Args... args) override { return function(std::forward<Args>(args)...); }
        F function;
    };

    std::unique_ptr<Target> target_;
};

}  // namespace hermes::base
