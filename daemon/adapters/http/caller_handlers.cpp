#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/wire/times.hpp"
#include "tuanyuan/v1/caller.pb.h"

namespace tuanyuan::http {
namespace {

// The message counts from UNSPECIFIED, core from its first role; the order is the same.
static_assert(v1::Caller::submitter == static_cast<int>(core::Role::submitter) + 1);
static_assert(v1::Caller::recipient == static_cast<int>(core::Role::recipient) + 1);

v1::Caller to_proto(const core::Caller& caller) {
  v1::Caller message;
  message.set_unit(caller.unit);
  message.set_officer(caller.officer);
  for (const core::Role role : Callers::all_roles) {
    if (caller.roles.contains(role)) {
      message.add_roles(static_cast<v1::Caller::Role>(static_cast<int>(role) + 1));
    }
  }
  if (!caller.unit.empty()) {
    message.set_division(caller.division().digits);
  }
  message.set_recipient_id(caller.recipient.value);
  return message;
}

}  // namespace

Answering get_caller(Api&, Exchange x) {
  v1::Caller message = to_proto(x.caller());
  *message.mutable_certificate_until() = wire::to_proto(x.certificate_until());
  message.set_api_version(std::string(api_version));
  co_return x.answer(message);
}

}  // namespace tuanyuan::http
