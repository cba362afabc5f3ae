#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/mqtt/answer_intake.hpp"
#include "adapters/mqtt/canary.hpp"
#include "adapters/mqtt/link.hpp"
#include "adapters/mqtt/notice_channel.hpp"
#include "adapters/mqtt/paho_client.hpp"
#include "adapters/mqtt/retained_watch.hpp"
#include "adapters/mqtt/settings.hpp"
#include "ports/answer_desk.hpp"
#include "ports/channel.hpp"
#include "ports/notary.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::mqtt {

/// What the adapter needs of the world. All of it has to outlive the broker.
struct Surroundings {
  ports::Clock& clock;
  ports::Entropy& entropy;
  ports::Log& log;
  ports::Metrics& metrics;

  Surroundings(ports::Clock& time, ports::Entropy& chance, ports::Log& logging, ports::Metrics& measuring)
      : clock(time), entropy(chance), log(logging), metrics(measuring) {}
};

/// The broker as the daemon sees it (contract, section 4): the channel `mqtt`, and the desk's and the retained
/// truth's way to the outside. Puts the parts together and passes messages between them. Loop thread.
class Broker final : public ports::Channel, private PahoEvents, private Link::Listener {
 public:
  Broker(boost::asio::any_io_executor executor, Settings settings, Surroundings surroundings);
  ~Broker() override;

  /// Begins to connect; a broker that is away is tried until it comes. Once.
  void start(ports::AnswerDesk& desk, ports::RetainedTruth& truth);
  /// Takes nothing more in, finishes what is being committed, says good-bye. Within answers_finish_deadline
  /// and disconnect_deadline together.
  boost::asio::awaitable<void> stop();

  // ports::Channel
  core::ChannelKind kind() const override { return core::ChannelKind::mqtt; }
  std::size_t in_flight_max() const override;
  bool is_up() const override { return client_->is_up(); }
  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override;

  /// The keys to be published now and at each connect.
  void set_keys(const ports::PublishedKeys& keys);
  /// A sighting to those of the case's unit, in both encodings, not retained.
  boost::asio::awaitable<core::DeliveryOutcome> publish_sighting(std::vector<core::RecipientId> recipients,
                                                                 core::Sighting sighting);
  Canary& canary() { return canary_; }

 private:
  // PahoEvents
  void on_connected() override { link_.feed(connection::Connected{}); }
  void on_connect_failed(std::string reason) override { link_.feed(connection::ConnectFailed{std::move(reason)}); }
  void on_subscribed(std::vector<bool> granted) override { link_.feed_granted(granted); }
  void on_lost(std::string reason) override { link_.feed(connection::Lost{std::move(reason)}); }
  void on_disconnected() override { link_.feed(connection::Disconnected{}); }
  void on_messages() override { drain(); }
  void on_receipts_flow() override { drain(); }

  // Link::Listener
  void on_link_up() override;
  void on_link_down() override;

  void drain();
  bool may_take();
  void route(const Incoming& message);
  struct Route;

  boost::asio::awaitable<void> publish_keys();
  boost::asio::awaitable<void> tick();
  void report();

  boost::asio::any_io_executor executor_;
  Settings settings_;
  Surroundings surroundings_;
  Topics topics_;
  std::shared_ptr<PahoClient> client_;
  NoticeChannel channel_;
  RetainedWatch watch_;
  AnswerIntake intake_;
  Canary canary_;
  Link link_;
  std::vector<Outgoing> keys_;
  ports::AnswerDesk* desk_ = nullptr;
  PahoClient::Counters reported_;
  bool draining_ = false;
  bool stopping_ = false;
  runtime::TaskGroup tasks_;
};

}  // namespace tuanyuan::mqtt
