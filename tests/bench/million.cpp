#include "bench/million.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/bench.hpp"
#include "core/report_validation.hpp"
#include "core/sample_report.hpp"

namespace tuanyuan::bench {
namespace {

constexpr std::uint32_t import_at_once = 50'000;
constexpr double circle_km = 500;

/// Several draws for one recipient.
std::uint64_t draw(std::uint32_t index, std::uint32_t which) {
  return mixed((std::uint64_t{which} << 32U) + index);
}
double share(std::uint32_t index, std::uint32_t which) {
  return static_cast<double>(draw(index, which) >> 11U) * 0x1.0p-53;
}

struct Kind {
  core::Category category;
  std::string_view name;
  int weight;
};
/// Of a thousand, about as many as there are in a province.
constexpr std::array kinds{Kind{core::Category::village_committee, "村委会", 300},
                           Kind{core::Category::school, "小学", 180},
                           Kind{core::Category::hotel, "宾馆", 150},
                           Kind{core::Category::internet_cafe, "网吧", 60},
                           Kind{core::Category::bus_station, "客运站", 40},
                           Kind{core::Category::police_station, "派出所", 40},
                           Kind{core::Category::mall, "商场", 40},
                           Kind{core::Category::hospital, "医院", 40},
                           Kind{core::Category::outdoor_screen, "大屏", 40},
                           Kind{core::Category::toll_gate, "收费站", 25},
                           Kind{core::Category::railway_station, "火车站", 15},
                           Kind{core::Category::metro_station, "地铁站", 15},
                           Kind{core::Category::scenic_area, "景区", 15},
                           Kind{core::Category::rescue_station, "救助站", 10},
                           Kind{core::Category::checkpoint, "检查站", 10},
                           Kind{core::Category::traffic_police, "交警大队", 10},
                           Kind{core::Category::volunteer_group, "志愿队", 8},
                           Kind{core::Category::airport, "机场", 1},
                           Kind{core::Category::port, "港口", 1}};

const Kind& kind_of(std::uint32_t index) {
  std::uint64_t drawn = draw(index, 1) % 1000;
  for (const Kind& kind : kinds) {
    if (drawn < static_cast<std::uint64_t>(kind.weight)) {
      return kind;
    }
    drawn -= static_cast<std::uint64_t>(kind.weight);
  }
  return kinds.back();
}

core::Audience audience_of(const Kind& kind, std::uint32_t index) {
  switch (kind.category) {
    case core::Category::police_station:
    case core::Category::checkpoint:
    case core::Category::traffic_police:
      return core::Audience::police;
    case core::Category::outdoor_screen:
      return core::Audience::public_;
    default:
      return draw(index, 2) % 20 == 0 ? core::Audience::public_ : core::Audience::partner;
  }
}

/// 5 provinces of 10 prefectures of 20 counties.
core::Division county(std::uint64_t number) {
  constexpr std::array<std::uint32_t, 5> provinces{21, 22, 23, 15, 13};
  const auto code = provinces[number / 200] * 10'000 + (number / 20 % 10 + 1) * 100 + number % 20 + 1;
  return core::Division{static_cast<std::uint32_t>(code)};
}

core::Position place(double east_km, double north_km) {
  const core::Position centre{41.8, 123.46};
  const double latitude = centre.latitude + north_km / 111.2;
  return {latitude, centre.longitude + east_km / (111.2 * std::cos(latitude * std::numbers::pi / 180))};
}

/// The county's middle stands within 470 km, everybody within 20 km of it.
core::Position position_in(std::uint64_t county_number, std::uint32_t index) {
  const auto at = static_cast<std::uint32_t>(county_number);
  const double far = 470 * std::sqrt(share(at, 10));
  const double way = 2 * std::numbers::pi * share(at, 11);
  const double off = 20 * std::sqrt(share(index, 12));
  const double to = 2 * std::numbers::pi * share(index, 13);
  return place(far * std::cos(way) + off * std::cos(to), far * std::sin(way) + off * std::sin(to));
}

template <class T>
T must(core::Result<T> result, const char* what) {
  if (!result) {
    throw std::runtime_error(std::string("refused: ") + what);
  }
  return std::move(*result);
}

}  // namespace

std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

core::Recipient recipient(std::uint32_t index) {
  const Kind& kind = kind_of(index);
  const std::uint64_t where = draw(index, 3) % 1000;
  const std::string digits = std::to_string(index);
  core::Recipient out;
  out.division = county(where);
  out.category = kind.category;
  out.audience = audience_of(kind, index);
  out.id = core::RecipientId(core::to_string(out.division) + "-" + std::string(core::to_string(kind.category)) +
                             "-" + digits);
  out.name = "辽沈地区第" + digits + "号" + std::string(kind.name);
  out.position = position_in(where, index);
  out.hours = draw(index, 4) % 4 == 0 ? "Mo-Su 06:00-22:00" : "";
  out.liaison = {"值班室", "024-" + std::to_string(20'000'000 + draw(index, 5) % 9'000'000)};
  out.endpoints = {{core::ChannelKind::mqtt, "", ""}, {core::ChannelKind::voice, out.liaison.telephone, ""}};
  if (draw(index, 6) % 1000 == 0) {
    out.delivery = core::DeliveryMode::direct;
  }
  return out;
}

void import_recipients(EngineBed& bed, std::uint32_t count) {
  for (std::uint32_t from = 0; from < count; from += import_at_once) {
    std::vector<core::Recipient> some;
    for (std::uint32_t index = from; index < std::min(count, from + import_at_once); ++index) {
      some.push_back(recipient(index));
    }
    core::Caller keeper = bed.keeper;
    must(bed.run(bed.engine.recipients().import(std::move(keeper), std::move(some), ports::Idempotency("", ""))),
         "import");
  }
}

core::AlertId release_alert(EngineBed& bed) {
  core::Report report = core::sample::sample_report();
  report.exercise = false;
  report.last_seen.time = bed.clock.wall_now() - std::chrono::minutes(40);
  report.last_seen.time_latest.reset();
  const ports::ReportView taken =
      must(bed.run(bed.engine.cases().submit(bed.submitter, core::to_draft(report), ports::Idempotency("", ""))),
           "submit");
  ports::ReleaseOptions options;
  options.radius_km = circle_km;
  return must(bed.run(bed.engine.cases().release(bed.releaser, taken.id, options, ports::Idempotency("", ""))),
              "release")
      .id;
}

std::vector<Said> answers_of(std::uint32_t count) {
  struct At {
    std::uint64_t when;
    Said said;
  };
  std::vector<At> all;
  for (std::uint32_t index = 0; index < count; ++index) {
    if (share(index, 20) < 0.12) {
      continue;
    }
    std::uint64_t when = draw(index, 21) >> 1U;
    const auto say = [&](core::AnswerKind kind) {
      all.push_back({when, {index, kind}});
      when += draw(index, 22) >> 2U;
    };
    const double able = share(index, 23);
    say(core::AnswerKind::received);
    if (able < 0.03) {
      say(core::AnswerKind::unable);
      continue;
    }
    if (able < 0.95) {
      say(core::AnswerKind::displayed);
    }
    if (able < 0.80) {
      say(core::AnswerKind::confirmed);
    }
    if (able < 0.06) {
      say(core::AnswerKind::acting);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const At& a, const At& b) { return a.when < b.when; });
  std::vector<Said> said;
  said.reserve(all.size());
  for (const At& at : all) {
    said.push_back(at.said);
  }
  return said;
}

std::vector<double> acknowledge(EngineBed& bed, const core::AlertId& alert, const std::vector<Said>& said,
                                std::size_t at_once) {
  std::vector<double> took;
  for (std::size_t from = 0; from < said.size(); from += at_once) {
    std::vector<ports::InboundAnswer> answers;
    for (std::size_t at = from; at < std::min(said.size(), from + at_once); ++at) {
      ports::InboundAnswer& inbound = answers.emplace_back();
      inbound.answer.alert_id = alert;
      inbound.answer.revision = 1;
      inbound.answer.recipient_id = recipient(said[at].recipient).id;
      inbound.answer.kind = said[at].kind;
      if (said[at].kind == core::AnswerKind::unable) {
        inbound.answer.reason = core::UnableReason::equipment;
      }
      inbound.connection = inbound.answer.recipient_id;
      inbound.channel = core::ChannelKind::mqtt;
    }
    took.push_back(seconds([&] {
      const auto receipts = must(bed.run(bed.engine.answers().acknowledge(std::move(answers))), "acknowledge");
      for (const core::Receipt& receipt : receipts) {
        if (receipt.result != core::ReceiptResult::recorded) {
          throw std::runtime_error("an answer was not recorded: " + receipt.reason);
        }
      }
    }));
  }
  return took;
}

}  // namespace tuanyuan::bench
