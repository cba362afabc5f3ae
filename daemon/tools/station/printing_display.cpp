#include "tools/station/printing_display.hpp"

#include <boost/json/parse.hpp>
#include <utility>

#include "adapters/wire/json.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "tools/station/tolerant.hpp"
#include "tuanyuan/v1/answer.pb.h"

namespace tuanyuan::station {

boost::json::object notice_json(const core::Notice& notice) {
  return boost::json::parse(wire::encode_json(wire::to_proto(notice))).as_object();
}

boost::json::object sighting_json(std::string_view payload) {
  v1::Sighting message;
  return parse_either(payload, message) ? boost::json::parse(wire::encode_json(message)).as_object()
                                        : boost::json::object{};
}

void PrintingDisplay::show(const core::RecipientId&, const Show& what, std::function<void(Shown)> told) {
  const core::Notice& notice = *what.notice;
  boost::json::object fields{{"alert_id", notice.alert_id.value},
                             {"revision", notice.version.revision},
                             {"step", notice.version.step},
                             {"kind", core::to_string(notice.kind)},
                             {"status", core::to_string(notice.status)},
                             {"photo", what.photo != nullptr}};
  if (in_full_) {
    fields["notice"] = notice_json(notice);
  }
  lines_.line("show", std::move(fields));
  told(Shown{});
}

void PrintingDisplay::take_down(const core::RecipientId&, const TakeDown& what, std::function<void()> gone) {
  lines_.line("take-down", {{"alert_id", what.alert_id.value},
                            {"revision", what.version.revision},
                            {"step", what.version.step},
                            {"reason", describe(what.reason)}});
  gone();
}

void PrintingDisplay::sighting(const core::RecipientId&, const ShowSighting& what) {
  boost::json::object sighting = sighting_json(what.payload);
  if (!in_full_) {
    sighting = {{"sightingId", sighting["sightingId"]}, {"alertId", sighting["alertId"]}};
  }
  lines_.line("sighting", {{"sighting", std::move(sighting)}});
}

}  // namespace tuanyuan::station
