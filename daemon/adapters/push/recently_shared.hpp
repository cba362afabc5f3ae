#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

#include "adapters/push/http.hpp"
#include "adapters/push/limits.hpp"

namespace tuanyuan::push {

/// What was made lately for many requests, by what it was made from. Of more than `shared_kept_max` the oldest
/// goes. Loop thread.
template <class Source>
class RecentlyShared {
 public:
  using Shared = std::shared_ptr<const HttpShared>;

  /// Of the source of which `is_it` is true; null: there is none.
  template <class IsIt>
  Shared find(const IsIt& is_it) const {
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&is_it](const auto& each) { return is_it(each.first); });
    return found == kept_.end() ? nullptr : found->second;
  }
  void keep(Source source, Shared shared) {
    kept_.emplace_front(std::move(source), std::move(shared));
    if (kept_.size() > shared_kept_max) {
      kept_.pop_back();
    }
  }

 private:
  std::deque<std::pair<Source, Shared>> kept_;
};

}  // namespace tuanyuan::push
