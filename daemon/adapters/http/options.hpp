#pragma once

#include <utility>

#include "adapters/http/exchange.hpp"
#include "adapters/wire/recipient_codec.hpp"
#include "adapters/wire/view_codec.hpp"

namespace tuanyuan::http {

/// The request's body, read as a message and turned into what the desk takes; or everything that is wrong with
/// it. All options live in tuanyuan::wire under the name from_proto.
template <class Message>
auto options_of(const Exchange& x)
    -> Outcome<typename decltype(wire::from_proto(std::declval<const Message&>()))::value_type> {
  const Outcome<Message> body = x.body<Message>();
  if (!body) {
    return body.error();
  }
  auto options = wire::from_proto(*body);
  if (!options) {
    return Problem(options.error());
  }
  return std::move(*options);
}

/// The desk's answer as a message, or its refusal.
template <class View>
Response answered(const Exchange& x, const core::Result<View>& view) {
  return view ? x.answer(wire::to_proto(*view)) : x.refuse(view.error());
}

/// A page of a list, whose next token clients see opaque.
template <class View>
Response answered_list(const Exchange& x, const core::Result<ports::Listed<View>>& list) {
  if (!list) {
    return x.refuse(list.error());
  }
  auto message = wire::to_proto(*list);
  message.set_next_page_token(Exchange::opaque(list->next_token));
  return x.answer(message);
}

}  // namespace tuanyuan::http
