#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "tools/ctl/context.hpp"
#include "tools/ctl/follow.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"
#include "tools/ctl/times.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

constexpr std::chrono::minutes fresh_earliest{40};
constexpr std::chrono::minutes fresh_latest{20};
constexpr std::size_t name_columns_max = 24;

struct Submission {
  std::string file;
  bool fresh_times = false;
};

struct Release {
  std::string id;
  std::vector<std::string> audiences;
  double radius_km = 0;
  std::string status;
  std::string preview_token;
  std::vector<std::string> reviewed;
  bool wake = false;
  bool plate_open = false;
  std::string break_glass;
  bool follow = false;
  FollowOptions follow_options;
};

std::string short_report(const json::value& report) {
  std::string text = "report " + text_at(report, "id") + " is " + text_at(report, "state") + "\nalert  " +
                     text_at(report, "alertId") + '\n';
  for (const json::value& id : items_at(report, "duplicates")) {
    text += "may be of the same child as report " + text_at(id, "") + '\n';
  }
  return text;
}

/// A sample report was written long ago; a drill is to begin as if the child had been lost just now.
Outcome<std::string> with_fresh_times(const std::string& report, core::Instant now) {
  auto document = parse_json(report);
  json::value* last_seen =
      document && document->is_object() ? document->get_object().if_contains("lastSeen") : nullptr;
  if (last_seen == nullptr || !last_seen->is_object()) {
    return Failure(Exit::usage, "the report has no lastSeen to put times into");
  }
  last_seen->get_object()["time"] = to_rfc3339(now - fresh_earliest);
  last_seen->get_object()["timeLatest"] = to_rfc3339(now - fresh_latest);
  return json::serialize(*document);
}

Outcome<void> submit(Context& context, const Submission& options) {
  auto report = context.read(options.file);
  if (report && options.fresh_times) {
    report = with_fresh_times(*report, context.world().wall_now());
  }
  if (!report) {
    return report.error();
  }
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->post("/reports", std::move(*report));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, short_report);
}

/// Which reports are to be listed.
struct Listing {
  std::size_t most = 1'000;
  std::vector<std::string> states;
};

Outcome<void> list(Context& context, const Listing& listing) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const std::string states = joined(listing.states);
  const std::string target = states.empty() ? "/reports" : "/reports?state=" + escape(states);
  const auto answer = (*api)->list(target, "reports", listing.most);
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, [](const json::value& all) {
    TextTable table({"submitted", "state", "child", "place", "report", "alert"});
    for (const json::value& one : items_at(all, "reports")) {
      const bool exercise = text_at(one, "report.exercise") == "true";
      table.add({text_at(one, "submittedAt"), text_at(one, "state") + (exercise ? " (exercise)" : ""),
                 fitted(text_at(one, "report.child.name"), name_columns_max),
                 fitted(text_at(one, "report.lastSeen.place"), name_columns_max), text_at(one, "id"),
                 text_at(one, "alertId")});
    }
    return table.str();
  });
}

json::object release_body(const Release& options) {
  json::object body;
  if (!options.audiences.empty()) {
    body["audiences"] = json::array(options.audiences.begin(), options.audiences.end());
  }
  if (options.radius_km > 0) {
    body["radiusKm"] = options.radius_km;
  }
  if (!options.status.empty()) {
    body["status"] = options.status;
  }
  if (!options.preview_token.empty()) {
    body["previewToken"] = options.preview_token;
  }
  if (!options.reviewed.empty()) {
    body["duplicatesReviewed"] = json::array(options.reviewed.begin(), options.reviewed.end());
  }
  if (options.wake) {
    body["wake"] = true;
  }
  if (options.plate_open) {
    body["plateOpen"] = true;
  }
  if (!options.break_glass.empty()) {
    body["breakGlass"] = true;
    body["reason"] = options.break_glass;
  }
  return body;
}

std::string released(const json::value& alert) {
  return "alert " + text_at(alert, "id") + " is " + text_at(alert, "state") + ", " + text_at(alert, "status") +
         ", revision " + text_at(alert, "revision") + ", " + text_at(alert, "circle.radiusKm") + " km around " +
         text_at(alert, "circle.latitude") + ", " + text_at(alert, "circle.longitude") + '\n';
}

Outcome<void> preview(Context& context, const Release& options) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer =
      (*api)->post("/reports/" + escape(options.id) + ":preview", json::serialize(release_body(options)));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, outline);
}

Outcome<void> release(Context& context, const Release& options) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  // Opened before the release, so that not one acknowledgement is missed.
  Follower follower(context, **api);
  if (options.follow) {
    follower.listen();
  }
  const auto answer =
      (*api)->post("/reports/" + escape(options.id) + ":release", json::serialize(release_body(options)));
  if (!answer) {
    return answer.error();
  }
  if (!options.follow) {
    return context.print(*answer, released);
  }
  const auto alert = parse_json(*answer);
  if (!alert) {
    return Failure(Exit::refused, "the daemon's answer is not JSON");
  }
  FollowOptions follow = options.follow_options;
  follow.alert_id = text_at(*alert, "id");
  return follower.follow(follow);
}

Outcome<void> show(Context& context, const std::string& id) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->get("/reports/" + escape(id));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, outline);
}

Outcome<void> reject(Context& context, const std::string& id, const std::string& reason) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  json::object body;
  body["reason"] = reason;
  const auto answer = (*api)->post("/reports/" + escape(id) + ":reject", json::serialize(body));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, short_report);
}

void add_choice_of_content(CLI::App* app, Release& options) {
  app->add_option("ID", options.id, "the report")->required();
  app->add_option("--audience", options.audiences, "POLICE, PARTNER or PUBLIC; POLICE is always included")
      ->check(CLI::IsMember({"POLICE", "PARTNER", "PUBLIC"}));
  app->add_option("--radius-km", options.radius_km, "instead of the ring of the hours since last seen")
      ->check(CLI::PositiveNumber);
  app->add_flag("--plate-open", options.plate_open, "show the number plate to the public");
}

void add_release(CLI::App* report, Context& context) {
  const auto options = std::make_shared<Release>();
  CLI::App* app = report->add_subcommand("release", "send the alert out: revision 1");
  add_choice_of_content(app, *options);
  app->add_option("--status", options->status, "refuse unless the report is ACTUAL or EXERCISE as given here")
      ->check(CLI::IsMember({"ACTUAL", "EXERCISE"}));
  app->add_option("--preview-token", options->preview_token, "refuse if things have changed since that preview");
  app->add_option("--reviewed", options->reviewed, "linked reports that have been looked at");
  app->add_flag("--wake", options->wake, "ring through quiet hours");
  app->add_option("--break-glass", options->break_glass, "release alone where two are needed, for this reason");
  app->add_flag("--follow", options->follow, "stay and watch the acknowledgements come in");
  add_follow_options(app, options->follow_options);
  on_command(app, context, [options](Context& c) { return release(c, *options); });
}

}  // namespace

void add_report_commands(CLI::App& app, Context& context) {
  CLI::App* report = app.add_subcommand("report", "reports of missing children")->require_subcommand(1);

  const auto submission = std::make_shared<Submission>();
  CLI::App* submitting = report->add_subcommand("submit", "hand in a report (JSON)");
  submitting->add_option("FILE", submission->file, "the report, - for the standard input")->required();
  submitting->add_flag("--fresh-times", submission->fresh_times,
                       "for drills: last seen 40 to 20 minutes ago, whatever the file says");
  on_command(submitting, context, [submission](Context& c) { return submit(c, *submission); });

  const auto wanted = std::make_shared<Listing>();
  CLI::App* listing = report->add_subcommand("list", "the unit's reports");
  listing->add_option("--limit", wanted->most, "at most so many")
      ->check(CLI::Range(std::size_t{1}, list_items_max));
  listing->add_option("--state", wanted->states, "only those in one of these states")
      ->check(CLI::IsMember({"SUBMITTED", "REJECTED", "RELEASED"}));
  on_command(listing, context, [wanted](Context& c) { return list(c, *wanted); });

  const auto id = std::make_shared<std::string>();
  CLI::App* showing = report->add_subcommand("show", "one report");
  showing->add_option("ID", *id)->required();
  on_command(showing, context, [id](Context& c) { return show(c, *id); });

  const auto looked_at = std::make_shared<Release>();
  CLI::App* previewing = report->add_subcommand("preview", "what a release would do; changes nothing");
  add_choice_of_content(previewing, *looked_at);
  on_command(previewing, context, [looked_at](Context& c) { return preview(c, *looked_at); });

  add_release(report, context);

  const auto reason = std::make_shared<std::string>();
  CLI::App* rejecting = report->add_subcommand("reject", "no alert will come of it");
  rejecting->add_option("ID", *id)->required();
  rejecting->add_option("--reason", *reason)->required();
  on_command(rejecting, context, [id, reason](Context& c) { return reject(c, *id, *reason); });
}

}  // namespace tuanyuan::ctl
