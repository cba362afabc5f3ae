#include "tools/ctl/context.hpp"

#include <CLI/App.hpp>
#include <fstream>
#include <iterator>

#include "tools/ctl/json_view.hpp"

namespace tuanyuan::ctl {
namespace {

constexpr std::streamsize file_bytes_max = 256 * 1024 * 1024;

Outcome<std::string> read_all(std::istream& in, const std::string& name) {
  std::string bytes;
  std::string chunk(64 * 1024, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    bytes.append(chunk, 0, static_cast<std::size_t>(in.gcount()));
    if (static_cast<std::streamsize>(bytes.size()) > file_bytes_max) {
      return Failure(Exit::usage, name + " is larger than 256 MiB");
    }
  }
  return bytes;
}

}  // namespace

Outcome<Api*> Context::api() {
  if (api_) {
    return api_.get();
  }
  const std::pair<const std::string*, const char*> wanted[] = {
      {&options_.api, "--api (TUANYUAN_API)"},
      {&options_.ca, "--ca (TUANYUAN_CA)"},
      {&options_.certificate, "--certificate (TUANYUAN_CERTIFICATE)"},
      {&options_.key, "--key (TUANYUAN_KEY)"}};
  for (const auto& [value, name] : wanted) {
    if (value->empty()) {
      return Failure(Exit::usage, std::string(name) + " is needed to talk to the daemon");
    }
  }
  auto connection = parse_api_url(options_.api);
  if (!connection) {
    return Failure(Exit::usage, "--api has to be a URL such as https://localhost:8443/api/v1");
  }
  connection->ca = options_.ca;
  connection->certificate = options_.certificate;
  connection->key = options_.key;
  auto client = world_.connect(*connection);
  if (!client) {
    return client.error();
  }
  CallSettings settings;
  settings.deadline = std::chrono::seconds(options_.timeout_seconds);
  settings.language = options_.language;
  settings.idempotency_key = options_.idempotency_key;
  settings.new_key = world_.new_key;
  settings.now = world_.steady_now;
  settings.pause = world_.pause;
  api_ = std::make_unique<Api>(std::move(*client), std::move(settings));
  return api_.get();
}

Outcome<std::string> Context::read(const std::string& file) {
  if (file == "-") {
    return read_all(world_.in, "the standard input");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return Failure(Exit::usage, file + " cannot be read");
  }
  return read_all(in, file);
}

Outcome<void> Context::print(const std::string& body,
                             const std::function<std::string(const boost::json::value&)>& view) {
  if (options_.json && options_.field.empty()) {
    world_.out << body << '\n';
    return boost::system::in_place_value;
  }
  const auto answer = parse_json(body);
  if (!answer) {
    return Failure(Exit::refused, "the daemon's answer is not JSON");
  }
  return print(*answer, view);
}

Outcome<void> Context::print(const boost::json::value& answer,
                             const std::function<std::string(const boost::json::value&)>& view) {
  if (!options_.field.empty()) {
    const boost::json::value* found = find_at(answer, options_.field);
    if (found == nullptr) {
      return Failure(Exit::usage, "the answer has no field " + options_.field);
    }
    const bool whole = found->is_object() || found->is_array();
    world_.out << (whole ? boost::json::serialize(*found) : text_at(answer, options_.field)) << '\n';
  } else if (options_.json) {
    world_.out << boost::json::serialize(answer) << '\n';
  } else {
    world_.out << view(answer);
  }
  return boost::system::in_place_value;
}

void on_command(CLI::App* app, Context& context, std::function<Outcome<void>(Context&)> run) {
  app->callback([&context, run = std::move(run)] { context.command = [&context, run] { return run(context); }; });
}

}  // namespace tuanyuan::ctl
