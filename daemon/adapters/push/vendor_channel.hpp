#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/push/access_token.hpp"
#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/token_channel.hpp"
#include "core/group_address.hpp"

namespace tuanyuan::push {

/// The app's account with a vendor, as the configuration has it.
struct VendorAccount {
  std::string base;
  std::map<std::string, std::string, std::less<>> texts;
  const Credentials* secrets = nullptr;  ///< outlives it
  std::string private_key;               ///< the last that could be read, of a vendor that takes tokens made here

  std::string text(std::string_view key) const {
    const auto found = texts.find(key);
    return found == texts.end() ? std::string() : found->second;
  }
  std::string secret(std::string_view key) const { return std::string(secrets->of(key)); }
};

/// One message to one handset, composed to fit.
struct VendorMessage {
  std::string address;
  std::optional<core::GroupAddress> group;  ///< what the address stands for, where it is not one handset's
  std::string id;                           ///< the same for each repetition
  std::string title;
  std::string text;
  std::string extras;  ///< JSON for the app: alertId, kind, revision, step, acknowledgeUrl (not to a group)
  std::string alert;
  std::uint32_t place = 0;  ///< one number for all that is said of an alert: the later takes the earlier's place
  std::chrono::seconds kept_for{0};
  core::Instant now;
};

/// What tells one vendor's push service from another's. Pure.
struct VendorDialect {
  core::ChannelKind kind;
  std::size_t (*length)(std::string_view text);  ///< as the vendor counts
  std::size_t title_max;
  std::size_t text_max;
  std::span<const CodeRow> codes;             ///< what its answers mean
  std::span<const std::int64_t> token_codes;  ///< those that say the token is none (any more); so does 401
  /// The answer's code; nothing where it has none.
  std::optional<std::int64_t> (*code)(std::string_view body);
  core::Result<HttpRequest> (*message)(const VendorAccount& account, const VendorMessage& message);
  /// Puts token or secret into a message.
  void (*authorize)(const VendorAccount& account, const std::string& token, HttpRequest& request);
  /// How a token is had: asked for, or made here. A vendor with neither wants its secret in each message.
  core::Result<HttpRequest> (*token_request)(const VendorAccount& account, core::Instant now) = nullptr;
  AccessTokens::Asked (*token_in)(std::string_view body) = nullptr;
  core::Result<AccessTokens::Asked> (*made_token)(const VendorAccount& account, core::Instant now) = nullptr;
};

VendorDialect hms_dialect();
VendorDialect harmony_dialect();
VendorDialect honor_dialect();
VendorDialect xiaomi_dialect();
VendorDialect oppo_dialect();
VendorDialect vivo_dialect();

/// An app on a handset, through the push service of the handset's maker: an endpoint's address is the token or
/// registration id that the maker's SDK gives the app; Huawei's (`hms`) and Xiaomi's may also be a `topic:…`,
/// Huawei's a `condition:…`. One request is one message, to one handset or to all that have joined. What the
/// service has accepted is on its way; the app answers by the link that it is given with the message.
class VendorChannel final : public TokenChannel {
 public:
  /// Throws std::runtime_error where the account cannot do: an address that is no URL, a key that is none.
  VendorChannel(const VendorDialect& dialect, const RestTools& tools, RestSettings settings, VendorAccount account,
                const Words& words, const AnswerLinks& links);

  core::ChannelKind kind() const override { return dialect_.kind; }
  bool accepted_is_received() const override { return false; }

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;
  std::string account_mark() override;
  core::Result<HttpRequest> token_request() override { return dialect_.token_request(account_, now()); }
  AccessTokens::Asked token_in(std::string_view body) const override { return dialect_.token_in(body); }
  bool is_token_refused(const HttpResult& result) const override;
  void authorize(const std::string& token, HttpRequest& request) const override;
  bool needs_token() const override;
  boost::asio::awaitable<AccessTokens::Asked> ask_for_token(ports::Clock::Steady deadline) override;

 private:
  void look_at_key();
  boost::asio::awaitable<AccessTokens::Asked> make_token();
  std::string title_of(const core::Notice& notice, const std::vector<std::string>& languages) const;
  std::string text_of(const core::Notice& notice, const std::vector<std::string>& languages) const;

  VendorDialect dialect_;
  ports::Log& log_;
  VendorAccount account_;
  std::string key_text_;  ///< what the present key was read from, or could not
  const Words& words_;
  const AnswerLinks& links_;
};

}  // namespace tuanyuan::push
