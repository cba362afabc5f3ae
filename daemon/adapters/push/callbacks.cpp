#include "adapters/push/callbacks.hpp"

#include <utility>
#include <vector>

#include "adapters/push/sms_message.hpp"

namespace tuanyuan::push {
namespace {

core::AnswerKind heard(const Link& link) {
  return link.is_recall ? core::AnswerKind::removed : core::AnswerKind::confirmed;
}

}  // namespace

boost::asio::awaitable<core::Result<std::string>> Callbacks::called(ports::Callback callback) {
  const AnswerLinks::Parameters& given = callback.parameters;
  if (same_secret(callback.token, sms_.of("inbound_token"))) {
    std::string from(value_of(given, "from"));
    std::string text(value_of(given, "text"));
    co_return co_await replied(std::move(from), std::move(text));
  }
  const std::optional<Link> link = links_.open(callback.token, given);
  if (!link) {
    co_return core::Refusal(core::Errc::not_found);
  }
  if (link->channel == core::ChannelKind::sms) {
    std::string status(value_of(given, "status"));
    co_return co_await reported(*link, std::move(status));
  }
  const bool is_pressed = value_of(given, "key") == "1";
  const bool is_answered = value_of(given, "status") == "answered";
  co_return co_await telephoned(*link, is_pressed, is_answered);
}

/// A recall that has reached the phone says nothing yet of what was taken down.
boost::asio::awaitable<core::Result<std::string>> Callbacks::reported(Link link, std::string status) {
  const SmsReport report = sms_report(status);
  if (report == SmsReport::failed) {
    log_.info("gateway.not_delivered", {{"channel", "sms"}, {"recipient", link.recipient.value}});
  }
  if (report == SmsReport::delivered && !link.is_recall) {
    co_return co_await answer(std::move(link), core::AnswerKind::received);
  }
  co_return std::string();
}

boost::asio::awaitable<core::Result<std::string>> Callbacks::telephoned(Link link, bool is_pressed,
                                                                        bool is_answered) {
  if (is_pressed) {
    const core::AnswerKind kind = heard(link);
    co_return co_await answer(std::move(link), kind);
  }
  if (is_answered && !link.is_recall) {
    co_return co_await answer(std::move(link), core::AnswerKind::received);
  }
  co_return std::string();
}

boost::asio::awaitable<core::Result<std::string>> Callbacks::replied(std::string from, std::string text) {
  const auto told = co_await replies_.told(core::ChannelKind::sms, std::move(from));
  if (!told) {
    co_return told.error();
  }
  const std::optional<ports::Told> confirmed = confirmed_by(text, *told);
  if (!confirmed) {
    log_.info("gateway.reply_not_understood", {{"channel", "sms"}});
    co_return std::string();
  }
  Link link;
  link.alert_id = confirmed->alert_id;
  link.recipient = confirmed->recipient;
  link.revision = confirmed->revision;
  link.is_recall = confirmed->is_recall;
  const core::AnswerKind kind = heard(link);
  co_return co_await answer(std::move(link), kind);
}

boost::asio::awaitable<core::Result<std::string>> Callbacks::answer(Link link, core::AnswerKind kind) {
  ports::InboundAnswer inbound;
  inbound.connection = link.recipient;
  inbound.source = core::AnswerSource::gateway;
  inbound.answer.alert_id = std::move(link.alert_id);
  inbound.answer.revision = link.revision;
  inbound.answer.recipient_id = std::move(link.recipient);
  inbound.answer.kind = kind;
  std::vector<ports::InboundAnswer> one;
  one.push_back(std::move(inbound));
  const auto receipts = co_await answers_.acknowledge(std::move(one));
  if (!receipts) {
    co_return receipts.error();
  }
  co_return std::string();
}

}  // namespace tuanyuan::push
