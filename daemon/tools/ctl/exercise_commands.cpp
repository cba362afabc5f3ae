#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "tools/ctl/context.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t name_columns_max = 32;
constexpr const char* answers[] = {"received", "displayed", "confirmed", "removed"};

struct ScoreOptions {
  std::string id;
  bool csv = false;
};

/// A number to a tenth, without an exponent; empty where there is none.
std::string tenths_at(const json::value& from, const std::string& path) {
  const json::value* found = find_at(from, path);
  if (found == nullptr || !found->is_number()) {
    return {};
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", found->to_number<double>());
  return text;
}

/// "12.5 s", and what is wrong with it.
std::string answer_of(const json::value& one, const std::string& name) {
  const std::string seconds = tenths_at(one, name + ".seconds");
  const std::string promptness = text_at(one, name + ".promptness");
  if (seconds.empty()) {
    return promptness == "OPEN" ? "-" : "missing";
  }
  return seconds + " s" + (promptness == "LATE" ? " (late)" : "");
}

std::string quoted(const std::string& text) {
  std::string field = "\"";
  for (const char c : text) {
    field += c;
    if (c == '"') {
      field += c;
    }
  }
  return field + '"';
}

std::string csv_of(const json::value& all) {
  std::string text = "recipient_id,name,category,score";
  for (const std::string name : answers) {
    text += ',' + name + ',' + name + "_seconds," + name + "_allowed_seconds";
  }
  text += ",unable_reason\r\n";
  for (const json::value& one : items_at(all, "scores")) {
    text += text_at(one, "recipientId") + ',' + quoted(text_at(one, "name")) + ',' + text_at(one, "category") +
            ',' + text_at(one, "score");
    for (const std::string name : answers) {
      text += ',' + text_at(one, name + ".promptness") + ',' + tenths_at(one, name + ".seconds") + ',' +
              tenths_at(one, name + ".allowedSeconds");
    }
    const std::string reason = text_at(one, "unableReason");
    text += ',' + (reason == "REASON_UNSPECIFIED" ? std::string() : reason) + "\r\n";
  }
  return text;
}

std::string scores_table(const json::value& all) {
  TextTable table({"recipient", "name", "category", "score", "received", "displayed", "confirmed", "removed"});
  for (const json::value& one : items_at(all, "scores")) {
    const std::string score = text_at(one, "score");
    table.add({text_at(one, "recipientId"), fitted(text_at(one, "name"), name_columns_max),
               text_at(one, "category"), score.empty() ? "-" : score, answer_of(one, "received"),
               answer_of(one, "displayed"), answer_of(one, "confirmed"), answer_of(one, "removed")});
  }
  return table.str();
}

std::string exercises_table(const json::value& all) {
  TextTable table({"alert", "name", "state", "begun", "expected", "received", "confirmed", "removed", "score"});
  for (const json::value& one : items_at(all, "exercises")) {
    const std::string score = tenths_at(one, "meanScore");
    table.add({text_at(one, "alertId"), text_at(one, "name"), text_at(one, "state"), text_at(one, "begun"),
               text_at(one, "expected"), text_at(one, "received"), text_at(one, "confirmed"),
               text_at(one, "removed"), score.empty() ? "-" : score});
  }
  return table.str();
}

Outcome<void> list(Context& context) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto all = (*api)->list("/exercises", "exercises", list_items_max);
  if (!all) {
    return all.error();
  }
  return context.print(*all, exercises_table);
}

Outcome<void> scores(Context& context, const ScoreOptions& options) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto all = (*api)->list("/exercises/" + escape(options.id) + "/scores", "scores", list_items_max);
  if (!all) {
    return all.error();
  }
  return context.print(*all, options.csv ? csv_of : scores_table);
}

Outcome<void> start(Context& context, const std::string& name) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto begun = (*api)->post("/exercises", json::serialize(json::object{{"name", name}}));
  if (!begun) {
    return begun.error();
  }
  return context.print(*begun, [](const json::value& one) {
    return "exercise " + text_at(one, "alertId") + " has begun: " + text_at(one, "expected") + " expected\n";
  });
}

}  // namespace

void add_exercise_commands(CLI::App& app, Context& context) {
  CLI::App* exercise = app.add_subcommand("exercise", "exercises and how recipients did")->require_subcommand(1);
  on_command(exercise->add_subcommand("list", "the last ones, the latest first"), context, list);

  const auto options = std::make_shared<ScoreOptions>();
  CLI::App* scoring = exercise->add_subcommand("scores", "each recipient's score, 0 to 100");
  scoring->add_option("ALERT", options->id, "of the exercise")->required();
  scoring->add_flag("--csv", options->csv, "print CSV");
  on_command(scoring, context, [options](Context& c) { return scores(c, *options); });

  const auto name = std::make_shared<std::string>();
  CLI::App* starting = exercise->add_subcommand("start", "begin a planned one now");
  starting->add_option("NAME", *name, "of the plan in the daemon's configuration")->required();
  on_command(starting, context, [name](Context& c) { return start(c, *name); });
}

}  // namespace tuanyuan::ctl
