#include "tools/station/keyboard.hpp"

#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace tuanyuan::station {
namespace {

struct Order {
  core::AnswerKind kind = core::AnswerKind::confirmed;
  core::UnableReason reason = core::UnableReason::none;
  std::string alert_id;
};

std::optional<Order> parse_order(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::string verb;
  Order order;
  words >> verb;
  if (verb == "c") {
    order.kind = core::AnswerKind::confirmed;
  } else if (verb == "a") {
    order.kind = core::AnswerKind::acting;
  } else if (verb == "u") {
    std::string reason;
    words >> reason;
    const auto known = core::parse_unable_reason(reason);
    if (!known) {
      return std::nullopt;
    }
    order.kind = core::AnswerKind::unable;
    order.reason = *known;
  } else {
    return std::nullopt;
  }
  words >> order.alert_id;
  return order;
}

bool answer(StationMind& mind, const core::AlertId& alert, const Order& order, Moment now) {
  switch (order.kind) {
    case core::AnswerKind::acting:
      return mind.act(alert, now);
    case core::AnswerKind::unable:
      return mind.unable(alert, order.reason, now);
    default:
      return mind.confirm(alert, now);
  }
}

}  // namespace

Keyboard::Keyboard(boost::asio::any_io_executor executor, int descriptor, Fleet& fleet, JournalLines& lines)
    : input_(std::move(executor), dup(descriptor)), fleet_(fleet), lines_(lines) {}

void Keyboard::start() {
  boost::asio::async_read_until(input_, boost::asio::dynamic_buffer(read_, line_bytes_max), '\n',
                                [this](boost::system::error_code error, std::size_t size) {
                                  if (error) {
                                    return;
                                  }
                                  obey(std::string_view(read_).substr(0, size));
                                  read_.erase(0, size);
                                  start();
                                });
}

void Keyboard::stop() {
  boost::system::error_code ignored;
  input_.close(ignored);
}

void Keyboard::obey(std::string_view line) {
  const auto order = parse_order(line);
  if (!order) {
    lines_.line("unknown-command", {{"commands", "c, a, u REASON; an alert id may follow"}});
    return;
  }
  StationLink& link = fleet_.first();
  const std::vector<core::AlertId> alerts =
      order->alert_id.empty() ? link.mind().shown() : std::vector{core::AlertId(order->alert_id)};
  for (const core::AlertId& alert : alerts) {
    if (answer(link.mind(), alert, *order, fleet_.now())) {
      lines_.line("answered", {{"alert_id", alert.value}, {"kind", core::to_string(order->kind)}});
    }
  }
  link.pump();
}

}  // namespace tuanyuan::station
