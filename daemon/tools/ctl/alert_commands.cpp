#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <optional>
#include <string>
#include <vector>

#include "adapters/crypto/files.hpp"
#include "tools/ctl/context.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

/// One alert and what is to be done with it; each command uses what it needs.
struct Decision {
  std::string id;
  std::string reason;
  std::string report_file;
  std::string fields;
  std::string outcome;
  std::string cause;
  std::string out;
  std::string format;
  std::string language;
  std::string audience;
  std::string seconds;
  std::string note;
  std::vector<std::string> audiences;
  bool hold = false;
  bool advance = false;
  std::optional<double> radius_km;
  std::optional<double> latitude;
  std::optional<double> longitude;
  std::optional<std::uint32_t> expected_revision;
};
using DecisionPtr = std::shared_ptr<Decision>;

std::string short_alert(const json::value& alert) {
  std::string text = "alert " + text_at(alert, "id") + " is " + text_at(alert, "state") + ", " +
                     text_at(alert, "status") + ", revision " + text_at(alert, "revision") + ", step " +
                     text_at(alert, "step");
  const std::string outcome = text_at(alert, "outcome");
  text += (outcome.empty() ? "" : ", " + outcome + " (" + text_at(alert, "cause") + ")") + '\n';
  for (const json::value& duplicate : items_at(alert, "duplicates")) {
    text += "same child as report " + std::string(duplicate.as_string()) + '\n';
  }
  return text;
}

/// Which alerts are to be listed.
struct Listing {
  std::size_t most = 1'000;
  std::vector<std::string> states;
  std::string lead_officer;
  bool not_shown = false;
};

std::string target_of(const Listing& listing) {
  std::string target = "/alerts";
  const auto add = [&target](std::string_view name, const std::string& value) {
    target += (target.find('?') == std::string::npos ? "?" : "&") + std::string(name) + '=' + escape(value);
  };
  if (!listing.states.empty()) {
    add("state", joined(listing.states));
  }
  if (!listing.lead_officer.empty()) {
    add("lead_officer", listing.lead_officer);
  }
  if (listing.not_shown) {
    add("not_shown", "true");
  }
  return target;
}

/// Until when displays show it.
std::string shown_until(const json::value& alert) {
  return text_at(alert, "displayEnded") == "true" ? "ended" : text_at(alert, "displayUntil");
}

Outcome<void> list(Context& context, const Listing& listing) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->list(target_of(listing), "alerts", listing.most);
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, [](const json::value& all) {
    TextTable table({"released", "state", "status", "revision", "radius km", "shown until", "lead officer",
                     "headline", "alert"});
    for (const json::value& one : items_at(all, "alerts")) {
      const json::array& texts = items_at(one, "notice.texts");
      table.add({text_at(one, "releasedAt"), text_at(one, "state"), text_at(one, "status"),
                 text_at(one, "revision") + "." + text_at(one, "step"), text_at(one, "circle.radiusKm"),
                 shown_until(one), text_at(one, "leadOfficer"),
                 texts.empty() ? "" : text_at(texts.front(), "headline"), text_at(one, "id")});
    }
    return table.str();
  });
}

Outcome<void> show(Context& context, const Decision& decision) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->get("/alerts/" + escape(decision.id));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, outline);
}

/// Only for who asks: it is the child's data.
Outcome<void> keep(Context& context, const std::string& file, const HttpResponse& answer) {
  crypto::write_file(file, answer.body, crypto::Access::owner, crypto::Sync::no);
  json::object written;
  written["file"] = file;
  written["mediaType"] = answer.content_type;
  written["size"] = answer.body.size();
  return context.print(json::value(std::move(written)), [](const json::value& v) {
    return text_at(v, "file") + ": " + text_at(v, "mediaType") + ", " + text_at(v, "size") + " bytes\n";
  });
}

Outcome<void> photo(Context& context, const Decision& decision) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->fetch("/alerts/" + escape(decision.id) + "/photo");
  if (!answer) {
    return answer.error();
  }
  return keep(context, decision.out, *answer);
}

Outcome<void> poster(Context& context, const Decision& decision) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  std::string target = "/alerts/" + escape(decision.id) + "/poster?format=" + escape(decision.format);
  const std::pair<const char*, const std::string&> parameters[] = {
      {"audience", decision.audience}, {"language", decision.language}, {"seconds", decision.seconds}};
  for (const auto& [name, value] : parameters) {
    target += value.empty() ? std::string() : std::string("&") + name + '=' + escape(value);
  }
  const auto answer = (*api)->fetch(target);
  if (!answer) {
    return answer.error();
  }
  return keep(context, decision.out, *answer);
}

Outcome<void> decide(Context& context, const Decision& decision, const char* verb, json::object body) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->post("/alerts/" + escape(decision.id) + ':' + verb, json::serialize(body));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, short_alert);
}

Outcome<void> update(Context& context, const Decision& decision) {
  const auto text = context.read(decision.report_file);
  if (!text) {
    return text.error();
  }
  auto report = parse_json(*text);
  if (!report) {
    return Failure(Exit::usage, decision.report_file + " is not JSON");
  }
  json::object body;
  body["report"] = std::move(*report);
  body["updateMask"] = decision.fields;
  body["reason"] = decision.reason;
  if (decision.expected_revision) {
    body["expectedRevision"] = *decision.expected_revision;
  }
  return decide(context, decision, "update", std::move(body));
}

Outcome<void> close(Context& context, const Decision& decision) {
  json::object body;
  body["outcome"] = decision.outcome;
  body["cause"] = decision.cause;
  body["reason"] = decision.reason;
  return decide(context, decision, "close", std::move(body));
}

Outcome<void> circle(Context& context, const Decision& decision) {
  json::object body;
  if (decision.hold) {
    body["hold"] = true;
  }
  if (decision.advance) {
    body["advance"] = true;
  }
  if (decision.radius_km) {
    body["radiusKm"] = *decision.radius_km;
  }
  if (decision.latitude && decision.longitude) {
    json::object centre;
    centre["latitude"] = *decision.latitude;
    centre["longitude"] = *decision.longitude;
    centre["crs"] = "WGS84";
    body["centre"] = std::move(centre);
  }
  body["reason"] = decision.reason;
  return decide(context, decision, "circle", std::move(body));
}

json::object suspension(const Decision& decision) {
  json::object body;
  json::array audiences;
  for (const std::string& audience : decision.audiences) {
    audiences.emplace_back(audience);
  }
  body["audiences"] = std::move(audiences);
  if (!decision.reason.empty()) {
    body["reason"] = decision.reason;
  }
  if (!decision.note.empty()) {
    body["note"] = decision.note;
  }
  return body;
}

Outcome<void> suspend(Context& context, const Decision& decision) {
  return decide(context, decision, "suspend", suspension(decision));
}

Outcome<void> resume(Context& context, const Decision& decision) {
  return decide(context, decision, "resume", suspension(decision));
}

Outcome<void> retract(Context& context, const Decision& decision) {
  json::object body;
  body["reason"] = decision.reason;
  return decide(context, decision, "retract", std::move(body));
}

/// A command on one alert.
CLI::App* add(CLI::App* group, Context& context, const char* name, const char* help,
              Outcome<void> (*run)(Context&, const Decision&), const DecisionPtr& decision) {
  CLI::App* app = group->add_subcommand(name, help);
  app->add_option("ALERT", decision->id)->required();
  on_command(app, context, [decision, run](Context& c) { return run(c, *decision); });
  return app;
}

}  // namespace

void add_alert_commands(CLI::App& app, Context& context) {
  CLI::App* alert = app.add_subcommand("alert", "alerts that have been released")->require_subcommand(1);
  const auto decision = std::make_shared<Decision>();

  const auto wanted = std::make_shared<Listing>();
  CLI::App* listing = alert->add_subcommand("list", "the unit's alerts and those that reach it");
  listing->add_option("--limit", wanted->most, "at most so many")
      ->check(CLI::Range(std::size_t{1}, list_items_max));
  listing->add_option("--state", wanted->states, "only those in one of these states")
      ->check(CLI::IsMember({"LOOKOUT", "ACTIVE", "SUSPENDED", "CLOSED", "RETRACTED"}));
  listing->add_option("--lead-officer", wanted->lead_officer,
                      "only open cases of this officer: a part of the name or number");
  listing->add_flag("--not-shown", wanted->not_shown, "only open cases that no display shows any more");
  on_command(listing, context, [wanted](Context& c) { return list(c, *wanted); });

  add(alert, context, "show", "one alert with its notice", show, decision);
  add(alert, context, "photo", "the picture as it is shown", photo, decision)
      ->add_option("--out", decision->out, "file to write")
      ->required();

  CLI::App* printing =
      add(alert, context, "poster", "the alert on paper, on a strip of lights, for a voice", poster, decision);
  printing->add_option("--format", decision->format)
      ->required()
      ->check(CLI::IsMember({"html", "pdf", "led", "led-pdf", "script"}));
  printing->add_option("--out", decision->out, "file to write")->required();
  printing
      ->add_option("--audience", decision->audience,
                   "whose copy; PUBLIC where it was released, else PARTNER, or POLICE where nobody else was told")
      ->check(CLI::IsMember({"POLICE", "PARTNER", "PUBLIC"}));
  printing->add_option("--notice-language", decision->language,
                       "of the notice, BCP 47; zh-CN where it is not in it");
  printing->add_option("--seconds", decision->seconds, "only the script of this length")
      ->check(CLI::IsMember({"15", "30"}));

  CLI::App* updating = add(alert, context, "update", "new content: the next revision", update, decision);
  updating->add_option("REPORT", decision->report_file, "JSON with the new values, - for the standard input")
      ->required();
  updating->add_option("--fields", decision->fields, "what of it to take, such as child.clothing,circumstances")
      ->required();
  updating->add_option("--reason", decision->reason)->required();
  updating->add_option("--expected-revision", decision->expected_revision,
                       "the revision that it was typed from: refused where another stands by now");

  CLI::App* drawing = add(alert, context, "circle", "hold, advance or set the circle", circle, decision);
  CLI::Option_group* wish = drawing->add_option_group("one of");
  wish->add_flag("--hold", decision->hold, "the clock leaves it as it is");
  wish->add_flag("--advance", decision->advance, "to the next ring now");
  wish->add_option("--radius-km", decision->radius_km, "by hand")->check(CLI::Range(1.0, 2000.0));
  wish->require_option(1);
  CLI::Option* latitude = drawing->add_option("--latitude", decision->latitude, "another middle, WGS-84");
  CLI::Option* longitude = drawing->add_option("--longitude", decision->longitude);
  latitude->needs(longitude);
  longitude->needs(latitude);
  drawing->add_option("--reason", decision->reason)->required();

  const CLI::IsMember others({"PARTNER", "PUBLIC"});
  const CLI::IsMember why({"LEADS_HELD", "CHILD_AT_RISK", "OTHER"});
  CLI::App* suspending =
      add(alert, context, "suspend", "take it from some audiences; the case goes on", suspend, decision);
  suspending->add_option("--audience", decision->audiences)->required()->check(others);
  suspending->add_option("--reason", decision->reason)->required()->check(why);
  suspending->add_option("--note", decision->note);
  CLI::App* resuming = add(alert, context, "resume", "give it to them again", resume, decision);
  resuming->add_option("--audience", decision->audiences)->required()->check(others);
  resuming->add_option("--note", decision->note);

  CLI::App* closing = add(alert, context, "close", "the case is over: take it down everywhere", close, decision);
  closing->add_option("--outcome", decision->outcome)
      ->required()
      ->check(CLI::IsMember({"FOUND_SAFE", "FOUND_INJURED", "FOUND_DECEASED", "NOT_MISSING"}));
  closing->add_option("--cause", decision->cause)
      ->required()
      ->check(CLI::IsMember(
          {"RUNAWAY", "LOST", "ABDUCTED", "FAMILY_DISPUTE", "ACCIDENT", "HOMICIDE", "OTHER", "UNKNOWN"}));
  closing->add_option("--reason", decision->reason)->required();

  add(alert, context, "retract", "issued in error: take it down everywhere", retract, decision)
      ->add_option("--reason", decision->reason)
      ->required();
}

}  // namespace tuanyuan::ctl
