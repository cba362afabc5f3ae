#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tools/ctl/context.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

struct ChannelOptions {
  std::string name;
  std::string reason;
  std::string recipient;
  std::string address;
};

struct OutboxOptions {
  std::string channel;
  std::string alert;
  std::string id;
};

std::string tenths_at(const json::value& from, const std::string& path) {
  const json::value* found = find_at(from, path);
  if (found == nullptr || !found->is_number()) {
    return "-";
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", found->to_number<double>());
  return text;
}

/// "300 / 60 s".
std::string quota_at(const json::value& one, const std::string& path) {
  const std::string sends = text_at(one, path + ".sends");
  return sends.empty() ? "-" : sends + " / " + tenths_at(one, path + ".perSeconds") + " s";
}

std::string note_of(const json::value& one) {
  if (find_at(one, "paused") != nullptr && text_at(one, "state") == "PAUSED") {
    return "by " + text_at(one, "paused.by") + " since " + text_at(one, "paused.since") + ": " +
           text_at(one, "paused.reason");
  }
  if (text_at(one, "doubtful") == "true") {
    return "calls most addresses dead, and is not believed";
  }
  return number_at(one, "lanesOpen") == 0
             ? ""
             : text_at(one, "lanesOpen") + " left alone until " + text_at(one, "nextTry");
}

std::string channels_table(const json::value& all) {
  TextTable table(
      {"channel", "state", "waiting", "oldest s", "in flight", "per s", "quota", "each", "retired", ""});
  for (const json::value& one : items_at(all, "channels")) {
    table.add({text_at(one, "channel"), text_at(one, "state"), text_at(one, "waiting"),
               tenths_at(one, "oldestSeconds"), text_at(one, "inFlight") + '/' + text_at(one, "inFlightMax"),
               tenths_at(one, "sendsPerSecond"), quota_at(one, "quota"), quota_at(one, "laneQuota"),
               text_at(one, "retired"), note_of(one)});
  }
  return table.str();
}

std::string state_line(const json::value& one) {
  return text_at(one, "channel") + " is " + text_at(one, "state") + ", " + text_at(one, "waiting") + " waiting\n";
}

std::string outbox_table(const json::value& all) {
  TextTable table(
      {"id", "died", "state", "channel", "recipient", "alert", "revision", "kind", "attempts", "in force"});
  for (const json::value& one : items_at(all, "rows")) {
    const std::string recipient = text_at(one, "recipientId");
    table.add({text_at(one, "id"), text_at(one, "diedAt"), text_at(one, "state"), text_at(one, "channel"),
               recipient.empty() ? text_at(one, "division") : recipient, text_at(one, "alertId"),
               text_at(one, "revision") + '.' + text_at(one, "step"), text_at(one, "kind"),
               text_at(one, "attempts"), text_at(one, "inForce") == "true" ? "yes" : "no"});
  }
  return table.str();
}

Outcome<void> list_channels(Context& context) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto all = (*api)->get("/channels");
  return all ? context.print(*all, channels_table) : all.error();
}

Outcome<void> post(Context& context, const std::string& target, const json::object& body,
                   const std::function<std::string(const json::value&)>& view) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->post(target, body.empty() ? std::string() : json::serialize(body));
  return answer ? context.print(*answer, view) : answer.error();
}

/// A test that was not accepted has failed, for scripts.
Outcome<void> test(Context& context, const ChannelOptions& options) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  json::object body{{"recipientId", options.recipient}};
  if (!options.address.empty()) {
    body["address"] = options.address;
  }
  const auto answer = (*api)->post("/channels/" + escape(options.name) + ":test", json::serialize(body));
  if (!answer) {
    return answer.error();
  }
  const Outcome<void> printed = context.print(*answer, [](const json::value& one) {
    const std::string dead = text_at(one, "addressDead") == "true" ? ": nobody is at that address any more" : "";
    return text_at(one, "outcome") + dead + " after " + tenths_at(one, "seconds") + " s\n";
  });
  const std::optional<json::value> read = parse_json(*answer);
  if (printed && (!read || text_at(*read, "outcome") != "ACCEPTED")) {
    return Failure{Exit::refused, "the test message was not accepted"};
  }
  return printed;
}

Outcome<json::value> died(Context& context, const OutboxOptions& options) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  std::string target = "/outbox";
  const auto narrow = [&target](const char* name, const std::string& value) {
    if (!value.empty()) {
      target += (target.find('?') == std::string::npos ? '?' : '&') + std::string(name) + '=' + escape(value);
    }
  };
  narrow("channel", options.channel);
  narrow("alert", options.alert);
  return (*api)->list(target, "rows", list_items_max);
}

Outcome<void> list_outbox(Context& context, const OutboxOptions& options) {
  const auto all = died(context, options);
  return all ? context.print(*all, outbox_table) : all.error();
}

/// Why it was not queued; empty: it was. That this row is refused is no failure: others may have requeued it, or
/// its alert have gone on, meanwhile. Any other refusal would meet the next one too.
Outcome<std::string> requeue(Context& context, const std::string& id) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->post("/outbox/" + escape(id) + ":requeue", "");
  if (answer) {
    return std::string();
  }
  constexpr std::int64_t not_found = 404;
  constexpr std::int64_t conflict = 409;
  const std::optional<json::value> problem = parse_json(answer.error().problem);
  const std::int64_t status = problem ? number_at(*problem, "status") : 0;
  if (status != not_found && status != conflict) {
    return answer.error();
  }
  const std::string detail = text_at(*problem, "detail");
  return detail.empty() ? text_at(*problem, "title") : detail;
}

/// How many are queued again, and of the others how many for which reason.
json::object summary(std::size_t queued, const std::map<std::string, std::size_t>& left) {
  std::size_t all_left = 0;
  json::array reasons;
  for (const auto& [reason, count] : left) {
    reasons.push_back(json::object{{"reason", reason}, {"count", count}});
    all_left += count;
  }
  return json::object{{"requeued", queued}, {"left", all_left}, {"reasons", std::move(reasons)}};
}

std::string requeued_lines(const json::value& done) {
  std::string lines = text_at(done, "requeued") + " queued again\n";
  for (const json::value& one : items_at(done, "reasons")) {
    lines += text_at(one, "count") + " left: " + text_at(one, "reason") + '\n';
  }
  return lines;
}

/// What one mistake has killed (a topic, a key that ran out) goes out again in one go. What was overtaken
/// meanwhile stays where it is.
Outcome<void> requeue_all(Context& context, const OutboxOptions& options) {
  if (options.channel.empty() && options.alert.empty()) {
    return Failure(Exit::usage, "which? give an ID, or --channel or --alert for all that died there");
  }
  if (!context.options().idempotency_key.empty()) {
    return Failure(Exit::usage, "--idempotency-key is for one row: give its ID");
  }
  const auto all = died(context, options);
  if (!all) {
    return all.error();
  }
  std::size_t queued = 0;
  std::map<std::string, std::size_t> left;  // by the reason
  for (const json::value& row : items_at(*all, "rows")) {
    if (text_at(row, "inForce") != "true") {
      ++left["not in force any more"];
      continue;
    }
    const Outcome<std::string> why_not = requeue(context, text_at(row, "id"));
    if (!why_not) {
      return why_not.error();
    }
    ++(why_not->empty() ? queued : left[*why_not]);
  }
  return context.print(summary(queued, left), requeued_lines);
}

}  // namespace

void add_channel_commands(CLI::App& app, Context& context) {
  CLI::App* channel = app.add_subcommand("channel", "the ways to reach recipients")->require_subcommand(1);
  on_command(channel->add_subcommand("list", "how each goes"), context, list_channels);

  const auto options = std::make_shared<ChannelOptions>();
  CLI::App* pausing = channel->add_subcommand("pause", "send nothing by it; what is due waits");
  pausing->add_option("NAME", options->name, "such as sms")->required();
  pausing->add_option("--reason", options->reason, "for the journal")->required();
  on_command(pausing, context, [options](Context& c) {
    return post(c, "/channels/" + escape(options->name) + ":pause", {{"reason", options->reason}}, state_line);
  });

  CLI::App* resuming = channel->add_subcommand("resume", "send by it again");
  resuming->add_option("NAME", options->name, "such as sms")->required();
  on_command(resuming, context, [options](Context& c) {
    return post(c, "/channels/" + escape(options->name) + ":resume", {}, state_line);
  });

  CLI::App* testing = channel->add_subcommand("test", "send one recipient a message that says that it is a test");
  testing->add_option("NAME", options->name, "such as sms")->required();
  testing->add_option("RECIPIENT", options->recipient, "its id")->required();
  testing->add_option("--address", options->address, "which of its endpoints there, if not the first");
  on_command(testing, context, [options](Context& c) { return test(c, *options); });
}

void add_outbox_commands(CLI::App& app, Context& context) {
  CLI::App* outbox = app.add_subcommand("outbox", "what was not delivered")->require_subcommand(1);
  const auto options = std::make_shared<OutboxOptions>();
  CLI::App* listing = outbox->add_subcommand("list", "what was rejected or expired, the latest first");
  listing->add_option("--channel", options->channel, "only what goes by it");
  listing->add_option("--alert", options->alert, "only what is of it");
  on_command(listing, context, [options](Context& c) { return list_outbox(c, *options); });

  CLI::App* requeueing = outbox->add_subcommand("requeue", "send it after all");
  CLI::Option* by_id = requeueing->add_option("ID", options->id, "of the row");
  requeueing->add_option("--channel", options->channel, "all that went by it and is in force")->excludes(by_id);
  requeueing->add_option("--alert", options->alert, "all that is of it and in force")->excludes(by_id);
  on_command(requeueing, context, [options](Context& c) {
    if (options->id.empty()) {
      return requeue_all(c, *options);
    }
    return post(c, "/outbox/" + escape(options->id) + ":requeue", {},
                [](const json::value& one) { return "row " + text_at(one, "id") + " is queued again\n"; });
  });
}

}  // namespace tuanyuan::ctl
