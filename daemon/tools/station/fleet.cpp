#include "tools/station/fleet.hpp"

#include <chrono>
#include <fstream>
#include <utility>

#include "tools/station/random.hpp"

namespace tuanyuan::station {

Fleet::Fleet(boost::asio::io_context& loop, FleetSettings settings, Commons& commons, Display& display,
             JournalLines& lines, ports::Clock& clock)
    : loop_(loop),
      settings_(std::move(settings)),
      commons_(commons),
      display_(display),
      lines_(lines),
      clock_(clock),
      tls_(make_tls_context(settings_.ca)),
      photos_(loop.get_executor(), *tls_, settings_.seed),
      resolver_(loop),
      totals_timer_(loop),
      stop_timer_(loop) {}

Moment Fleet::now() {
  return {clock_.wall_now(), std::chrono::duration_cast<Steady>(clock_.steady_now().time_since_epoch())};
}

void Fleet::add(Crew crew) {
  const std::uint64_t seed = seed_of(settings_.seed, crew.plan.self.id.value);
  StationMind mind(commons_, std::move(crew.plan.self), std::move(crew.plan.members), crew.temper, seed);
  links_.push_back(std::make_shared<StationLink>(loop_.get_executor(), static_cast<LinkHost&>(*this),
                                                 std::move(mind), std::move(crew.credentials), crew.flapping,
                                                 seed + 1));
  never_up_.insert(links_.back().get());
}

void Fleet::start() {
  for (const auto& link : links_) {
    link->start();
  }
  if (settings_.tells_totals) {
    tell_totals();
  }
}

void Fleet::wants_turn(StationLink& link) {
  if (!stopping_) {
    queue_.push_back(link.weak_from_this());
    give_turns();
  }
}

void Fleet::give_turns() {
  while (!stopping_ && connecting_ < settings_.connecting_max && !queue_.empty()) {
    if (!endpoints_ || now().steady - resolved_at_ > resolved_ms_max) {
      resolve();
      return;
    }
    const auto link = queue_.front().lock();
    queue_.pop_front();
    if (link != nullptr) {
      connecting_ += 1;
      link->connect(*endpoints_);
    }
  }
}

void Fleet::resolve() {
  if (std::exchange(resolving_, true)) {
    return;
  }
  resolver_.async_resolve(settings_.broker_host, settings_.broker_port,
                          [this](boost::system::error_code error, TlsConnection::Endpoints endpoints) {
                            resolving_ = false;
                            if (stopping_) {
                              return;
                            }
                            if (!error) {
                              endpoints_ = std::move(endpoints);
                              resolved_at_ = now().steady;
                              give_turns();
                              return;
                            }
                            failures_ += 1;
                            last_failure_ = "broker's name: " + error.message();
                            for (const auto& waiting : std::exchange(queue_, {})) {
                              if (const auto link = waiting.lock()) {
                                link->put_off();
                              }
                            }
                            tell_failures();
                          });
}

void Fleet::is_up(StationLink& link) {
  connecting_ -= 1;
  commons_.totals.connected += 1;
  display_.online(link.mind().id());
  if (never_up_.erase(&link) == 1 && never_up_.empty()) {
    tell_ready();
  } else if (settings_.tells_each) {
    lines_.line("connected-again", {});
  }
  give_turns();
}

void Fleet::is_down(StationLink&, bool was_up, const std::string& reason) {
  if (was_up) {
    commons_.totals.connected -= 1;
  } else {
    connecting_ -= 1;
  }
  failures_ += 1;
  last_failure_ = reason;
  if (settings_.tells_each) {
    tell_failures();
  }
  give_turns();
}

void Fleet::fetch_photo(StationLink& link, FetchPhoto wish) {
  photos_.fetch(wish.url, link.credentials(),
                [weak = link.weak_from_this(), alert = wish.alert_id](std::string photo) {
                  if (const auto self = weak.lock()) {
                    self->photo(alert, photo);
                  }
                });
}

void Fleet::notable(StationLink& link, std::string_view event, const std::string& alert_id,
                    std::string_view detail) {
  boost::json::object fields{{"recipient_id", link.mind().id().value}};
  if (!alert_id.empty()) {
    fields["alert_id"] = alert_id;
  }
  if (!detail.empty()) {
    fields["reason"] = detail;
  }
  lines_.line(event, std::move(fields));
}

void Fleet::tell_ready() {
  lines_.line("connected", {{"stations", links_.size()}});
  if (!settings_.ready_file.empty()) {
    std::ofstream(settings_.ready_file) << links_.size() << "\n";
  }
}

void Fleet::tell_totals() {
  lines_.totals("totals", commons_.totals);
  tell_failures();
  totals_timer_.expires_after(totals_every_ms);
  totals_timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping_) {
      tell_totals();
    }
  });
}

void Fleet::tell_failures() {
  if (failures_ > 0) {
    lines_.line("disconnected", {{"times", std::exchange(failures_, 0)}, {"reason", last_failure_}});
  }
}

void Fleet::stop() {
  if (std::exchange(stopping_, true)) {
    return;
  }
  photos_.stop();
  resolver_.cancel();
  totals_timer_.cancel();
  stop_timer_.expires_after(stop_ms_max);
  stop_timer_.async_wait([this](boost::system::error_code error) {
    if (!error) {
      end();
    }
  });
  unfinished_ = links_.size();
  for (const auto& link : links_) {
    link->finish();
  }
}

void Fleet::is_finished(StationLink&) {
  unfinished_ -= 1;
  if (unfinished_ == 0) {
    end();
  }
}

void Fleet::end() {
  if (loop_.stopped()) {
    return;
  }
  lines_.totals("end", commons_.totals);
  loop_.stop();
}

}  // namespace tuanyuan::station
