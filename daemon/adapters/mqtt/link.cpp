#include "adapters/mqtt/link.hpp"

#include <utility>

namespace tuanyuan::mqtt {

using namespace connection;

struct Link::Perform {
  Link& link;

  void operator()(const Connect&) const { link.client_->connect(); }
  void operator()(const Subscribe&) const { link.client_->subscribe(link.filters_); }
  void operator()(const Disconnect&) const { link.client_->disconnect(); }
  void operator()(const SetTimer& timer) const { link.timers_.spawn(link.wait_for(timer)); }
  void operator()(const AnnounceUp&) const {
    link.log_.info("broker.connected", {{"broker", link.broker_}});
    link.client_->set_up(true);
    link.listener_.on_link_up();
  }
  void operator()(const AnnounceDown& down) const {
    if (down.is_ours) {
      link.log_.info("broker.left", {{"broker", link.broker_}});
    } else {
      link.log_.warning(down.was_up ? "broker.lost" : "broker.unreachable",
                        {{"broker", link.broker_}, {"reason", down.reason}});
    }
    if (down.was_up) {
      link.client_->set_up(false);
      link.listener_.on_link_down();
    }
  }
  void operator()(const AnnounceStopped&) const { link.stopped_.set(); }
};

Link::Link(boost::asio::any_io_executor executor, ports::Clock& clock, ports::Entropy& entropy, ports::Log& log,
           std::string broker, std::vector<Filter> filters, Listener& listener)
    : clock_(clock),
      entropy_(entropy),
      log_(log),
      broker_(std::move(broker)),
      filters_(std::move(filters)),
      listener_(listener),
      timers_(executor),
      stopped_(executor) {}

void Link::start(PahoClient& client) {
  client_ = &client;
  feed(Start{});
}

boost::asio::awaitable<void> Link::stop() {
  feed(Stop{});
  co_await stopped_.wait();
  timers_.cancel_all();
  co_await timers_.join();
}

void Link::feed(const Event& event) {
  Step step = advance(state_, event, clock_.steady_now(), entropy_.next());
  state_ = step.next;
  for (const Action& action : step.actions) {
    std::visit(Perform{*this}, action);
  }
}

void Link::feed_granted(const std::vector<bool>& granted) {
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    if (i < granted.size() && granted[i]) {
      continue;
    }
    log_.warning("broker.subscription_refused", {{"broker", broker_}, {"filter", filters_[i].filter}});
    if (filters_[i].required) {
      return feed(SubscribeFailed{"the broker refused a subscription"});
    }
  }
  feed(Subscribed{});
}

boost::asio::awaitable<void> Link::wait_for(SetTimer timer) {
  co_await clock_.sleep_until(timer.at);
  feed(Due{timer.timer});
}

}  // namespace tuanyuan::mqtt
