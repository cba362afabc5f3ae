#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "tools/ctl/context.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

struct Assessment {
  std::string id;
  std::string verdict;
  std::string note;
};

std::string sighting_table(const json::value& all) {
  TextTable table({"seen", "recipient", "assessment", "description", "sighting"});
  constexpr std::size_t description_columns_max = 48;
  for (const json::value& one : items_at(all, "sightings")) {
    table.add({text_at(one, "seenAt"), text_at(one, "recipientId"), text_at(one, "assessment"),
               fitted(text_at(one, "description"), description_columns_max), text_at(one, "sightingId")});
  }
  return table.str();
}

Outcome<void> sightings(Context& context, const std::string& alert_id) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->list("/alerts/" + escape(alert_id) + "/sightings", "sightings", list_items_max);
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, sighting_table);
}

Outcome<void> assess(Context& context, const Assessment& assessment) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  json::object body;
  body["assessment"] = assessment.verdict;
  if (!assessment.note.empty()) {
    body["note"] = assessment.note;
  }
  const auto answer = (*api)->post("/sightings/" + escape(assessment.id) + ":assess", json::serialize(body));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, [](const json::value& one) {
    return "sighting " + text_at(one, "sightingId") + " is " + text_at(one, "assessment") + '\n';
  });
}

std::string journal_table(const json::value& all) {
  TextTable table({"sequence", "time", "actor", "type", "subject", "detail"});
  for (const json::value& one : items_at(all, "entries")) {
    std::string detail;
    const json::value* pairs = find_at(one, "detail");
    if (pairs != nullptr && pairs->is_object()) {
      for (const auto& pair : pairs->get_object()) {
        detail += (detail.empty() ? "" : " ") + std::string(pair.key()) + '=' + text_at(pair.value(), "");
      }
    }
    table.add({text_at(one, "sequence"), text_at(one, "time"), text_at(one, "actor"), text_at(one, "type"),
               text_at(one, "subject"), std::move(detail)});
  }
  return table.str();
}

Outcome<void> journal(Context& context, std::uint64_t after, std::size_t most) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->list("/journal?after=" + std::to_string(after), "entries", most);
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, journal_table);
}

Outcome<void> keys(Context& context) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->get("/keys");
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, [](const json::value& all) {
    TextTable table({"key", "algorithm", "use", "not before", "not after"});
    for (const json::value& one : items_at(all, "keys")) {
      table.add({text_at(one, "keyId"), text_at(one, "algorithm"), text_at(one, "use"), text_at(one, "notBefore"),
                 text_at(one, "notAfter")});
    }
    return table.str();
  });
}

}  // namespace

void add_sighting_commands(CLI::App& app, Context& context) {
  CLI::App* sighting = app.add_subcommand("sighting", "where the child may have been seen")->require_subcommand(1);
  const auto alert_id = std::make_shared<std::string>();
  CLI::App* listing = sighting->add_subcommand("list", "those of an alert");
  listing->add_option("ALERT", *alert_id)->required();
  on_command(listing, context, [alert_id](Context& c) { return sightings(c, *alert_id); });

  const auto assessment = std::make_shared<Assessment>();
  CLI::App* assessing = sighting->add_subcommand("assess", "say what is to be thought of one");
  assessing->add_option("ID", assessment->id)->required();
  assessing->add_option("--as", assessment->verdict)
      ->required()
      ->check(CLI::IsMember({"CREDIBLE", "NOT_CREDIBLE", "CONFIRMED"}));
  assessing->add_option("--note", assessment->note);
  on_command(assessing, context, [assessment](Context& c) { return assess(c, *assessment); });
}

void add_journal_commands(CLI::App& app, Context& context) {
  const auto after = std::make_shared<std::uint64_t>(0);
  const auto most = std::make_shared<std::size_t>(1'000);
  CLI::App* reading = app.add_subcommand("journal", "the decisions, oldest first");
  reading->add_option("--after", *after, "sequence number to begin after");
  reading->add_option("--limit", *most, "at most so many")->check(CLI::Range(std::size_t{1}, list_items_max));
  on_command(reading, context, [after, most](Context& c) { return journal(c, *after, *most); });

  on_command(app.add_subcommand("keys", "the public keys that notices are signed with"), context, keys);
}

}  // namespace tuanyuan::ctl
