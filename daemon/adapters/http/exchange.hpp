#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/http/problem.hpp"
#include "adapters/http/route.hpp"
#include "adapters/http/target.hpp"
#include "core/caller.hpp"
#include "core/refusal.hpp"
#include "ports/case_desk.hpp"

namespace google::protobuf {
class Message;
}

namespace tuanyuan::http {

/// One call while it is worked on: the request, routed and admitted by role, and the ways to answer it.
/// Handlers take it by value.
class Exchange {
 public:
  Exchange(Request request, Target target, const Route& route, std::string id);

  const Request& request() const { return request_; }
  std::string take_body() { return std::move(request_.body); }
  const Target& target() const { return target_; }
  const Route& route() const { return *route_; }
  /// The caller, by value, to be moved into a desk.
  core::Caller caller() const { return request_.identity ? request_.identity->caller : core::Caller(); }
  template <class Id>
  Id id() const {
    return Id(id_);
  }
  std::string_view path_id() const { return id_; }
  core::Instant certificate_until() const {
    return request_.identity ? request_.identity->not_after : core::Instant();
  }

  /// What stands in the way of reading the body at all: too large, of a wrong type, an answer that would not
  /// be accepted, an unusable idempotency key. Handlers of unsafe calls say it only after the desk has had its
  /// say (contract, section 2: order of refusal); body() and the rest carry it along.
  const std::optional<Problem>& obstacle() const { return obstacle_; }

  /// The body's type in lower case, JSON where none is given.
  const std::string& body_type() const { return body_type_; }

  template <class Message>
  Outcome<Message> body() const {
    Message message;
    if (Outcome<void> read = read_body(message); !read) {
      return read.error();
    }
    return message;
  }

  bool has_idempotency_key() const { return request_.idempotency_key.has_value(); }
  /// The key, scoped to caller and call; the digest of the body and its type.
  ports::Idempotency once() const;

  /// `page_size` and `page_token`.
  Outcome<ports::Page> page() const;
  /// A query parameter or field that is a sequence number; `none` where it is not given.
  Outcome<std::uint64_t> sequence(std::string_view path, const std::optional<std::string>& text,
                                  std::uint64_t none) const;

  /// A message in the encoding the caller accepts, with the route's status; 406 where it accepts none.
  Response answer(const google::protobuf::Message& message) const;
  /// The same of what is ready in both encodings.
  Response answer(std::string json, std::string protobuf) const;
  Response refuse(const Problem& problem) const;

  /// A token of a desk as clients see it: opaque, and safe in a query.
  static std::string opaque(std::string_view token);

 private:
  Outcome<void> read_body(google::protobuf::Message& message) const;
  std::optional<Problem> find_obstacle() const;
  std::optional<std::string_view> answer_type() const;

  Request request_;
  Target target_;
  const Route* route_;
  std::string id_;
  std::string body_type_;
  Language language_;
  std::optional<Problem> obstacle_;
};

}  // namespace tuanyuan::http
