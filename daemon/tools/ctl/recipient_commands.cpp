#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <optional>

#include "tools/ctl/context.hpp"
#include "tools/ctl/enrolment.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t name_columns_max = 32;

/// Which recipients of the directory are wanted.
struct Selection {
  std::string audience;
  std::string division;
  std::string category;
  bool stations = false;
  std::size_t most = list_items_max;
  bool ids = false;
};

bool is_empty_list(const json::value& value, const char* name) {
  return items_at(value, name).empty();
}

/// Stands somewhere, reads the topics of its division, and answers for itself.
bool is_station(const json::value& one) {
  return find_at(one, "latitude") != nullptr && find_at(one, "longitude") != nullptr &&
         is_empty_list(one, "coverage") && text_at(one, "via").empty() && text_at(one, "delivery") != "direct";
}

bool selects(const Selection& selection, const json::value& one) {
  return (selection.audience.empty() || text_at(one, "audience") == selection.audience) &&
         (selection.category.empty() || text_at(one, "category") == selection.category) &&
         text_at(one, "division").starts_with(selection.division) && (!selection.stations || is_station(one));
}

std::string table_of(const json::value& all) {
  TextTable table({"recipient", "name", "category", "audience", "division", "place"});
  for (const json::value& one : items_at(all, "recipients")) {
    std::string place;
    for (const json::value& prefix : items_at(one, "coverage")) {
      place += (place.empty() ? "covers " : " ") + text_at(prefix, "");
    }
    if (place.empty()) {
      place = text_at(one, "latitude") + ", " + text_at(one, "longitude") + ' ' + text_at(one, "crs");
    }
    table.add({text_at(one, "id"), fitted(text_at(one, "name"), name_columns_max), text_at(one, "category"),
               text_at(one, "audience"), text_at(one, "division"), place});
  }
  return table.str();
}

Outcome<void> list(Context& context, const Selection& selection) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->list("/recipients", "recipients", list_items_max);
  if (!answer) {
    return answer.error();
  }
  json::array selected;
  for (const json::value& one : items_at(*answer, "recipients")) {
    if (selected.size() < selection.most && selects(selection, one)) {
      selected.push_back(one);
    }
  }
  json::object document;
  document["recipients"] = std::move(selected);
  const json::value all(std::move(document));
  if (!selection.ids) {
    return context.print(all, table_of);
  }
  for (const json::value& one : items_at(all, "recipients")) {
    context.world().out << text_at(one, "id") << '\n';
  }
  return boost::system::in_place_value;
}

Outcome<void> show(Context& context, const std::string& id) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->get("/recipients/" + escape(id));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, outline);
}

Outcome<void> put(Context& context, const std::string& file, std::string id) {
  auto body = context.read(file);
  if (!body) {
    return body.error();
  }
  if (id.empty()) {
    const auto recipient = parse_json(*body);
    id = recipient ? text_at(*recipient, "id") : "";
  }
  if (id.empty()) {
    return Failure(Exit::usage, file + " is not the JSON of a recipient with an id");
  }
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->put("/recipients/" + escape(id), std::move(*body));
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, [](const json::value& one) { return "put " + text_at(one, "id") + '\n'; });
}

Outcome<void> erase(Context& context, const std::string& id) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->erase("/recipients/" + escape(id));
  if (!answer) {
    return answer.error();
  }
  return context.print(answer->empty() ? std::string("{}") : *answer,
                       [&id](const json::value&) { return "deleted " + id + '\n'; });
}

Outcome<void> import(Context& context, const std::string& file, std::string format) {
  auto body = context.read(file);
  if (!body) {
    return body.error();
  }
  if (format.empty()) {
    format = file.ends_with(".ndjson") || file.ends_with(".jsonl") ? "ndjson" : "csv";
  }
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer =
      (*api)->post("/recipients:import", std::move(*body), format == "csv" ? "text/csv" : "application/x-ndjson");
  if (!answer) {
    return answer.error();
  }
  return context.print(
      *answer, [](const json::value& done) { return "imported " + text_at(done, "imported") + " recipients\n"; });
}

/// Of which place it is asked; none: of everywhere.
struct Place {
  std::optional<double> latitude;
  std::optional<double> longitude;
  std::optional<double> radius_km;
  std::string division;
  bool by_division = false;
};

/// How many would hear, the parts of the place where they were asked for, and who would not.
std::string readiness_view(const json::value& all) {
  std::string text =
      text_at(all, "reachable") + " of " + text_at(all, "recipients") + " recipients would hear an alert now\n";
  if (const json::array& parts = items_at(all, "divisions"); !parts.empty()) {
    TextTable table({"division", "recipients", "reachable"});
    for (const json::value& one : parts) {
      table.add({text_at(one, "division"), text_at(one, "recipients"), text_at(one, "reachable")});
    }
    text += table.str();
  }
  TextTable table({"recipient", "name", "reason", "since", "telephone"});
  for (const json::value& one : items_at(all, "unreachable")) {
    table.add({text_at(one, "recipientId"), text_at(one, "name"), text_at(one, "reason"), text_at(one, "since"),
               text_at(one, "liaison.telephone")});
  }
  return text + table.str();
}

Outcome<void> readiness(Context& context, const Place& place) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  std::string target = "/readiness?page_size=1000";
  const auto add = [&target](const char* name, const std::optional<double>& value) {
    if (value) {
      target += std::string("&") + name + '=' + std::to_string(*value);
    }
  };
  add("latitude", place.latitude);
  add("longitude", place.longitude);
  add("radius_km", place.radius_km);
  if (!place.division.empty()) {
    target += "&division=" + escape(place.division);
  }
  if (place.by_division) {
    target += "&by=division";
  }
  const auto answer = (*api)->get(target);
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, readiness_view);
}

void add_readiness(CLI::App& app, Context& context) {
  const auto place = std::make_shared<Place>();
  CLI::App* asking = app.add_subcommand("readiness", "who would not hear an alert now");
  CLI::Option* latitude = asking->add_option("--latitude", place->latitude, "of a circle's centre, WGS-84");
  CLI::Option* longitude = asking->add_option("--longitude", place->longitude);
  CLI::Option* radius = asking->add_option("--radius-km", place->radius_km);
  latitude->needs(longitude, radius);
  longitude->needs(latitude, radius);
  radius->needs(latitude, longitude);
  asking->add_option("--division", place->division, "leading digits of the division");
  asking->add_flag("--by-division", place->by_division, "also each division one level below that one");
  on_command(asking, context, [place](Context& c) { return readiness(c, *place); });
}

void add_list(CLI::App* recipient, Context& context) {
  const auto selection = std::make_shared<Selection>();
  CLI::App* app = recipient->add_subcommand("list", "the directory");
  app->add_option("--audience", selection->audience)->check(CLI::IsMember({"POLICE", "PARTNER", "PUBLIC"}));
  app->add_option("--division", selection->division, "leading digits of the division");
  app->add_option("--category", selection->category);
  app->add_flag("--stations", selection->stations, "only who has a position and connects and reads for itself");
  app->add_option("--limit", selection->most, "at most so many")->check(CLI::PositiveNumber);
  app->add_flag("--ids", selection->ids, "print the ids alone, one a line");
  on_command(app, context, [selection](Context& c) { return list(c, *selection); });
}

void add_enrol(CLI::App* recipient, Context& context) {
  const auto options = std::make_shared<EnrolOptions>();
  CLI::App* app = recipient->add_subcommand("enrol", "make what a recipient needs to connect");
  app->add_option("ID", options->id)->required();
  app->add_option("--out", options->out, "directory to write")->required();
  app->add_option("--pki", options->pki, "the deployment's PKI directory")->envname(pki_variable)->required();
  app->add_option("--broker", options->broker, "where the recipient connects: mqtts://HOST:PORT")
      ->envname("TUANYUAN_BROKER")
      ->required();
  app->add_option("--prefix", options->prefix, "of the topics")->capture_default_str();
  app->add_option("--days", options->days, "validity of the certificate")->check(CLI::PositiveNumber);
  on_command(app, context, [options](Context& c) { return enrol(c, *options); });
}

}  // namespace

void add_recipient_commands(CLI::App& app, Context& context) {
  add_readiness(app, context);
  CLI::App* recipient = app.add_subcommand("recipient", "the directory of recipients")->require_subcommand(1);
  add_list(recipient, context);

  const auto id = std::make_shared<std::string>();
  CLI::App* showing = recipient->add_subcommand("show", "one recipient");
  showing->add_option("ID", *id)->required();
  on_command(showing, context, [id](Context& c) { return show(c, *id); });

  const auto file = std::make_shared<std::string>();
  CLI::App* putting = recipient->add_subcommand("put", "add or replace one recipient (JSON)");
  putting->add_option("FILE", *file, "- for the standard input")->required();
  putting->add_option("--id", *id, "where the file does not say");
  on_command(putting, context, [file, id](Context& c) { return put(c, *file, *id); });

  CLI::App* deleting = recipient->add_subcommand("delete", "remove one recipient");
  deleting->add_option("ID", *id)->required();
  on_command(deleting, context, [id](Context& c) { return erase(c, *id); });

  const auto format = std::make_shared<std::string>();
  CLI::App* importing = recipient->add_subcommand("import", "add or replace many: all or none");
  importing->add_option("FILE", *file, "CSV or NDJSON, - for the standard input")->required();
  importing->add_option("--format", *format, "where the file's name does not say")
      ->check(CLI::IsMember({"csv", "ndjson"}));
  on_command(importing, context, [file, format](Context& c) { return import(c, *file, *format); });

  add_enrol(recipient, context);
}

}  // namespace tuanyuan::ctl
