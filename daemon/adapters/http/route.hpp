#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "adapters/http/message.hpp"
#include "core/caller.hpp"

namespace google::protobuf {
class Descriptor;
}

namespace tuanyuan::http {

class Api;
class Exchange;

/// Who may make a call.
class Callers {
 public:
  constexpr Callers(std::initializer_list<core::Role> roles) {
    for (const core::Role role : roles) {
      bits_ |= 1U << static_cast<unsigned>(role);
    }
  }
  /// Whoever has a certificate, whatever it says.
  static constexpr Callers any_certificate() { return Callers(certificate_bit); }
  static constexpr Callers everybody() { return Callers(everybody_bit); }

  constexpr bool open() const { return bits_ == everybody_bit; }
  bool admits(const core::Roles& roles) const {
    if (bits_ == certificate_bit) {
      return true;
    }
    for (const core::Role role : all_roles) {
      if (names(role) && roles.contains(role)) {
        return true;
      }
    }
    return false;
  }
  constexpr bool names(core::Role role) const { return (bits_ & (1U << static_cast<unsigned>(role))) != 0; }

  static constexpr core::Role all_roles[] = {core::Role::submitter, core::Role::releaser, core::Role::supervisor,
                                             core::Role::operator_, core::Role::recipient};

 private:
  static constexpr unsigned certificate_bit = 1U << 8;
  static constexpr unsigned everybody_bit = 1U << 9;
  constexpr explicit Callers(unsigned bits) : bits_(bits) {}

  unsigned bits_ = 0;
};

/// What a body may be.
enum class BodyKind { none, optional_message, message, import, form };
/// What the answer is.
enum class AnswerForm { message, photo, poster, keys, events, openapi, text };
/// How the query of a call is read.
enum class Paging { none, pages, reports, alerts, area, outbox, sequence, events, poster };

/// Which protobuf message: the generated class's own function, so that a message that is not there does not
/// compile.
using MessageType = const google::protobuf::Descriptor* (*)();

/// One call of the contract. The table of these is all that routing, authorisation, limits and the OpenAPI
/// document go by.
struct Route {
  std::string_view method;
  std::string_view pattern;
  Callers callers;
  boost::asio::awaitable<Response> (*handler)(Api&, Exchange);
  std::string_view name;  ///< operationId
  std::string_view summary;
  BodyKind body = BodyKind::none;
  MessageType body_message = nullptr;
  AnswerForm answer = AnswerForm::message;
  MessageType answer_message = nullptr;
  int status = 200;
  std::size_t body_bytes_max = 0;
  Paging paging = Paging::none;
  bool remembered = false;  ///< AnswerMemo answers its repeats first

  constexpr bool unsafe() const { return method != "GET"; }
};

inline constexpr std::string_view api_root = "/api/v1";
/// Of the calls, as the OpenAPI document and GET /caller say it.
inline constexpr std::string_view api_version = "1";

/// Every call, in the order of the contract.
std::span<const Route> routes();

/// What a method and a path lead to.
struct Routed {
  const Route* route = nullptr;  ///< null: no such call
  std::string id;                ///< what stood for {id}
  std::string allow;             ///< where the path is known but not by this method: those it is known by

  Routed() = default;
};
/// HEAD is answered wherever GET is.
Routed find_route(std::string_view method, std::string_view path);

}  // namespace tuanyuan::http
