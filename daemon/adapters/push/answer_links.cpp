#include "adapters/push/answer_links.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

#include "adapters/wire/json.hpp"
#include "adapters/wire/json_base64.hpp"
#include "core/joined.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::size_t signature_bytes = 16;

/// The part of the query that is signed.
std::string query_of(const Link& link) {
  const std::string revision = std::to_string(link.revision);
  return core::joined({"channel=", core::to_string(link.channel), "&alert=", link.alert_id.value, "&revision=",
                       revision, "&recipient=", link.recipient.value, link.is_recall ? "&recall=1" : ""});
}

std::optional<Link> read(const AnswerLinks::Parameters& parameters) {
  Link link;
  const auto channel = core::parse_channel(value_of(parameters, "channel"));
  const std::string_view revision = value_of(parameters, "revision");
  const auto [end, error] = std::from_chars(revision.data(), revision.data() + revision.size(), link.revision);
  if (!channel || error != std::errc() || end != revision.data() + revision.size()) {
    return std::nullopt;
  }
  link.channel = *channel;
  link.alert_id = core::AlertId(std::string(value_of(parameters, "alert")));
  link.recipient = core::RecipientId(std::string(value_of(parameters, "recipient")));
  link.is_recall = value_of(parameters, "recall") == "1";
  return link;
}

}  // namespace

std::string_view value_of(const AnswerLinks::Parameters& parameters, std::string_view name) {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [name](const auto& each) { return each.first == name; });
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

bool same_secret(std::string_view left, std::string_view right) {
  return !left.empty() && left.size() == right.size() &&
         CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string AnswerLinks::signature(std::string_view text) const {
  const std::string digest = vault_.keyed_digest(core::joined({"tuanyuan answer link\n", text}));
  std::string token;
  wire::append_base64url(std::string_view(digest).substr(0, signature_bytes), token);
  return token;
}

std::string AnswerLinks::url(const Link& link) const {
  const std::string query = query_of(link);
  return core::joined({base_, "/callbacks/", signature(query), "?", query});
}

std::optional<Link> AnswerLinks::open(std::string_view token, const Parameters& parameters) const {
  auto link = read(parameters);
  return link && same_secret(token, signature(query_of(*link))) ? link : std::nullopt;
}

std::string ending_with_link(std::string_view url, std::size_t open_bytes, std::size_t bytes_max) {
  constexpr std::string_view name = R"(,"acknowledgeUrl":)";
  constexpr std::size_t quotes_and_brace = 3;
  std::string ending;
  if (!url.empty()) {
    ending.reserve(name.size() + url.size() + quotes_and_brace);
    ending += name;
    wire::append_json_string(url, ending);
  }
  ending += '}';
  return open_bytes + ending.size() > bytes_max ? "}" : ending;
}

std::string with_link(std::string_view object, std::string_view url, std::size_t bytes_max) {
  const std::string_view open = object.substr(0, object.size() - 1);
  return core::joined({open, ending_with_link(url, open.size(), bytes_max)});
}

}  // namespace tuanyuan::push
