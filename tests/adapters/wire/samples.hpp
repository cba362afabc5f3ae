#pragma once

#include <chrono>
#include <string>

#include "core/answer.hpp"
#include "core/notice.hpp"
#include "core/recipient.hpp"
#include "core/report.hpp"

// Documents with every field filled, so that a codec which forgets one is found out.
namespace tuanyuan::samples {

inline core::Instant instant() {
  return core::from_epoch_ms(1'790'000'000'123);
}

inline core::Report report() {
  using namespace std::chrono;
  core::Report report;
  report.incident_number = "J2101022026112200001";
  report.case_number = "A2101020000002026110001";
  report.reporting_unit = "210102000000";
  report.exercise = true;
  report.child = core::Child{"演练儿童", core::Sex::female, year{2019} / June / 1, 7,         118,
                             21,         "短发，圆脸",      "红色羽绒服",          "左眉有痣"};
  report.photo = core::Photo{"image/jpeg", std::string("\xFF\xD8\x00\x01", 4)};
  report.last_seen = core::LastSeen{instant(),
                                    instant() + std::chrono::minutes(20),
                                    "沈阳站东广场",
                                    core::Division{210102},
                                    core::Position{41.7945, 123.3964},
                                    core::Crs::gcj02};
  report.circumstances = "与家人走散";
  report.abduction_suspected = true;
  report.suspect = core::Suspect{"中年女性", "灰色面包车", "辽A00000"};
  report.contact = core::Contact{"和平分局", "024-110"};
  report.lead_officer = "210345";
  return report;
}

inline core::Notice notice() {
  const core::Report source = report();
  core::Notice notice;
  notice.alert_id = core::AlertId("0198c0de-0000-7000-8000-00000000000a");
  notice.version = core::Version{3, 2};
  notice.kind = core::NoticeKind::update;
  notice.status = core::Status::exercise;
  notice.audience = core::Audience::police;
  notice.issued_at = instant();
  notice.expires_at = instant() + std::chrono::hours(24);
  notice.issuer = "210100000000";
  notice.circle = core::Circle{core::Position{41.7930, 123.3908}, 100, true};
  notice.divisions = {core::Division{210102}, core::Division{210103}};
  notice.texts = {core::NoticeText{"zh-CN", "【演练】寻找儿童", "正文", "播报"},
                  core::NoticeText{"en", "[EXERCISE] Missing child", "Body", "Speech"}};
  notice.child = source.child;
  notice.last_seen = source.last_seen;
  notice.circumstances = source.circumstances;
  notice.abduction_suspected = true;
  notice.suspect = source.suspect;
  notice.photo = core::PhotoReference{std::string(32, '\x5A'), "image/jpeg", 40'000, "https://localhost/photo"};
  notice.contact = source.contact;
  notice.incident_number = source.incident_number;
  notice.case_number = source.case_number;
  notice.reporting_unit = source.reporting_unit;
  notice.lead_officer = source.lead_officer;
  notice.wanted = {core::Wanted{core::AnswerKind::received, std::nullopt, 60},
                   core::Wanted{core::AnswerKind::confirmed, core::Category::railway_station, 300}};
  return notice;
}

inline core::Notice recall() {
  core::Notice notice;
  notice.alert_id = core::AlertId("0198c0de-0000-7000-8000-00000000000a");
  notice.version = core::Version{4, 0};
  notice.kind = core::NoticeKind::close;
  notice.status = core::Status::actual;
  notice.audience = core::Audience::public_;
  notice.issued_at = instant();
  notice.expires_at = instant() + std::chrono::hours(24);
  notice.issuer = "210100000000";
  notice.texts = {core::NoticeText{"zh-CN", "已解除", "请撤下", "请撤下"}};
  return notice;
}

inline core::Sighting sighting() {
  core::Sighting sighting;
  sighting.sighting_id = core::SightingId("0198c0de-0000-7000-8000-00000000000b");
  sighting.alert_id = core::AlertId("0198c0de-0000-7000-8000-00000000000a");
  sighting.recipient_id = core::RecipientId("shenyang-station");
  sighting.seen_at = instant();
  sighting.position = core::Position{41.8, 123.4};
  sighting.crs = core::Crs::bd09;
  sighting.description = "二号检票口";
  sighting.photo = core::Photo{"image/png", "bytes"};
  return sighting;
}

inline core::Recipient recipient() {
  core::Recipient recipient;
  recipient.id = core::RecipientId("shenyang-station");
  recipient.name = "沈阳站";
  recipient.category = core::Category::railway_station;
  recipient.audience = core::Audience::partner;
  recipient.division = core::Division{210102};
  recipient.position = core::Position{41.7945, 123.3964};
  recipient.crs = core::Crs::gcj02;
  recipient.coverage = {core::DivisionPrefix{"21"}, core::DivisionPrefix{""}};
  recipient.delivery = core::DeliveryMode::direct;
  recipient.via = core::RecipientId("rail-liaoning");
  recipient.hours = "Mo-Su 05:00-23:00";
  recipient.unit = core::RecipientId("rail-shenyang");
  recipient.liaison = core::Liaison{"值班站长", "024-12306"};
  recipient.languages = {"zh-CN", "en"};
  recipient.endpoints = {core::Endpoint{core::ChannelKind::mqtt, "", ""},
                         core::Endpoint{core::ChannelKind::webhook, "https://localhost/hook", "whsec_x"}};
  return recipient;
}

}  // namespace tuanyuan::samples
