#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http/exchange.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::http {

/// `state` of a list: words of `parse` with commas between them; not given, or empty: any. Of one that is no such
/// word, `wrong` says `none`.
template <class State>
std::vector<State> read_states(const Exchange& x, std::optional<State> (*parse)(std::string_view), core::Text none,
                               std::vector<core::FieldError>& wrong) {
  const std::optional<std::string> given = x.target().parameter("state");
  std::vector<State> states;
  std::string_view text = given ? std::string_view(*given) : std::string_view();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::optional<State> state = parse(text.substr(0, end));
    if (!state) {
      wrong.emplace_back("state", std::move(none));
      break;
    }
    states.push_back(*state);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return states;
}

}  // namespace tuanyuan::http
