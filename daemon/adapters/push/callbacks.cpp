#include "adapters/push/callbacks.hpp"

#include <utility>
#include <vector>

#include "adapters/push/sms_message.hpp"

namespace tuanyuan::push {
namespace {

core::AnswerKind heard(const Link& link) {
  return link.is_recall ? core::AnswerKind::removed : core::AnswerKind::confirmed;
}

core::Acknowledgement answer_of(const Link& link) {
  core::Acknowledgement answer;
  answer.alert_id = link.alert_id;
  answer.revision = link.revision;
  answer.recipient_id = link.recipient;
  answer.kind = heard(link);
  return answer;
}

ports::Told told_by(const Link& link) {
  ports::Told told;
  told.alert_id = link.alert_id;
  told.recipient = link.recipient;
  told.revision = link.revision;
  told.is_recall = link.is_recall;
  return told;
}

/// A program's word of what it did; else a person follows the link, or a program speaks for one.
bool is_report(core::ChannelKind channel, const AnswerLinks::Parameters& given) {
  const bool of_telephones = channel == core::ChannelKind::sms || channel == core::ChannelKind::voice;
  return of_telephones || !value_of(given, "key").empty() || !value_of(given, "status").empty();
}

/// Nobody has heard it. Other words (it rings) say nothing yet.
bool is_call_missed(std::string_view status) {
  return status == "no-answer" || status == "busy" || status == "failed";
}

/// What whoever follows a link says with it: `kind`, `reason` (of UNABLE) and `note`, as in an acknowledgement.
core::Result<core::Acknowledgement> said_by(const Link& link, const AnswerLinks::Parameters& given) {
  core::Acknowledgement answer = answer_of(link);
  answer.note = std::string(value_of(given, "note"));
  std::vector<core::FieldError> wrong;
  if (const std::string_view kind = value_of(given, "kind"); !kind.empty()) {
    const auto parsed = core::parse_answer_kind(kind);
    answer.kind = parsed.value_or(answer.kind);
    if (!parsed) {
      wrong.emplace_back("kind", core::Text("不是已知的回执类型", "is no kind of acknowledgement"));
    }
  }
  if (const std::string_view reason = value_of(given, "reason"); !reason.empty()) {
    const auto parsed = core::parse_unable_reason(reason);
    answer.reason = parsed.value_or(answer.reason);
    if (!parsed) {
      wrong.emplace_back("reason", core::Text("不是已知的原因", "is no reason that is known"));
    }
  }
  if (!wrong.empty()) {
    return core::Refusal(std::move(wrong));
  }
  return answer;
}

}  // namespace

boost::asio::awaitable<core::Result<ports::CallbackAnswer>> Callbacks::called(ports::Callback callback) {
  const AnswerLinks::Parameters& given = callback.parameters;
  core::Result<std::string> said = core::Refusal(core::Errc::not_found);
  if (same_secret(callback.token, sms_.of("inbound_token"))) {
    std::string from(value_of(given, "from"));
    std::string text(value_of(given, "text"));
    said = co_await replied(std::move(from), std::move(text));
  } else if (std::optional<Link> link = links_.open(callback.token, given)) {
    if (!is_report(link->channel, given)) {
      co_return co_await clicked(std::move(*link), std::move(callback));
    }
    said = co_await reported_back(std::move(*link), std::move(callback));
  }
  if (!said) {
    co_return said.error();
  }
  ports::CallbackAnswer answered;
  answered.text = std::move(*said);
  co_return answered;
}

boost::asio::awaitable<core::Result<std::string>> Callbacks::reported_back(Link link, ports::Callback callback) {
  std::string status(value_of(callback.parameters, "status"));
  if (link.channel == core::ChannelKind::sms) {
    co_return co_await reported(std::move(link), std::move(status));
  }
  const bool is_pressed = value_of(callback.parameters, "key") == "1";
  co_return co_await telephoned(std::move(link), is_pressed, std::move(status));
}

/// A link may be opened again, and by others to whom it was passed on: it asks for one answer, once.
AnswerPage Callbacks::page_of(const Link& link) const {
  switch (replies_.standing(told_by(link))) {
    case ports::LinkStanding::answered:
      return AnswerPage::recorded;
    case ports::LinkStanding::over:
      return AnswerPage::over;
    case ports::LinkStanding::outdated:
      return AnswerPage::not_recorded;
    case ports::LinkStanding::open:
      break;
  }
  return link.is_recall ? AnswerPage::take_down : AnswerPage::confirm;
}

boost::asio::awaitable<core::Result<ports::CallbackAnswer>> Callbacks::clicked(Link link,
                                                                               ports::Callback callback) {
  ports::CallbackAnswer answered;
  answered.is_page = !callback.is_posted || value_of(callback.parameters, "page") == "1";
  const AnswerPage page = page_of(link);
  // Whoever presses a button that was shown before the alert was taken down, or came back, has to learn that.
  const bool has_passed = page == AnswerPage::over || page == AnswerPage::not_recorded;
  if (!callback.is_posted || (answered.is_page && has_passed)) {
    answered.text = answer_page(page);
    co_return answered;
  }
  const core::Result<core::Acknowledgement> read = said_by(link, callback.parameters);
  if (!read) {
    co_return read.error();
  }
  const core::Result<core::Receipt> receipt = co_await record(*read, link.channel);
  if (!receipt) {
    co_return receipt.error();
  }
  answered.text = answered.is_page
                      ? answer_page(receipt->result == core::ReceiptResult::refused ? AnswerPage::not_recorded
                                                                                    : AnswerPage::recorded)
                      : std::string(core::to_string(receipt->result));
  co_return answered;
}

/// A recall that has reached the phone says nothing yet of what was taken down.
boost::asio::awaitable<core::Result<std::string>> Callbacks::reported(Link link, std::string status) {
  const SmsReport report = sms_report(status);
  if (report == SmsReport::failed) {
    missed(link);
  }
  if (report == SmsReport::delivered && !link.is_recall) {
    co_return co_await answer(std::move(link), core::AnswerKind::received);
  }
  co_return std::string();
}

/// A recall is followed up in its own way: until it is said to be taken down.
void Callbacks::missed(const Link& link) {
  log_.info("gateway.not_delivered",
            {{"channel", std::string(core::to_string(link.channel))}, {"recipient", link.recipient.value}});
  if (!link.is_recall) {
    replies_.not_reached(link.alert_id, link.recipient, link.channel);
  }
}

boost::asio::awaitable<core::Result<std::string>> Callbacks::telephoned(Link link, bool is_pressed,
                                                                        std::string status) {
  if (is_pressed) {
    const core::AnswerKind kind = heard(link);
    co_return co_await answer(std::move(link), kind);
  }
  if (is_call_missed(status)) {
    missed(link);
  }
  if (status == "answered" && !link.is_recall) {
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
  core::Acknowledgement acknowledgement = answer_of(link);
  acknowledgement.kind = kind;
  const core::Result<core::Receipt> receipt = co_await record(std::move(acknowledgement), link.channel);
  if (!receipt) {
    co_return receipt.error();
  }
  co_return std::string();
}

boost::asio::awaitable<core::Result<core::Receipt>> Callbacks::record(core::Acknowledgement acknowledgement,
                                                                      core::ChannelKind channel) {
  ports::InboundAnswer inbound;
  inbound.connection = acknowledgement.recipient_id;
  inbound.source = core::AnswerSource::gateway;
  inbound.channel = channel;
  inbound.answer = std::move(acknowledgement);
  std::vector<ports::InboundAnswer> one;
  one.push_back(std::move(inbound));
  const auto receipts = co_await answers_.acknowledge(std::move(one));
  if (!receipts) {
    co_return receipts.error();
  }
  co_return receipts->front();
}

}  // namespace tuanyuan::push
