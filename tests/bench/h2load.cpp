#include "bench/h2load.hpp"

#include <chrono>
#include <regex>
#include <stdexcept>

#include "bench/child_process.hpp"

namespace tuanyuan::bench {

PushRate push_rate(std::size_t pushes, double seconds, double cpu_seconds) {
  return {static_cast<double>(pushes) / seconds, cpu_seconds * 1e6 / static_cast<double>(pushes)};
}

PushRate run_h2load(const Nghttpd& server, const H2Load& load) {
  std::string uris;
  for (const std::string& path : load.paths) {
    uris += server.origin() + path + "\n";
  }
  std::vector<std::string> words = {"h2load",
                                    "-n",
                                    std::to_string(load.requests),
                                    "-c",
                                    "1",
                                    "-m",
                                    std::to_string(load.in_flight),
                                    "-t",
                                    "1",
                                    "-d",
                                    server.write("h2load.body", load.body),
                                    "-i",
                                    server.write("h2load.uris", uris)};
  for (const auto& [name, value] : load.fields) {
    words.emplace_back("-H");
    words.push_back(name + ": " + value);
  }
  ChildProcess process(words, "Debian: nghttp2-client");
  const ChildProcess::Ended ended = process.await_end(std::chrono::seconds(120));
  static const std::regex finished(R"(finished in ([0-9.]+)(us|ms|s), )");
  static const std::regex all_well(R"(status codes: (\d+) 2xx)");
  std::smatch took;
  std::smatch well;
  if (ended.status != 0 || !std::regex_search(ended.said, took, finished) ||
      !std::regex_search(ended.said, well, all_well) || std::stoul(well[1]) != load.requests) {
    throw std::runtime_error("h2load: " + ended.said);
  }
  return push_rate(load.requests, std::stod(took[1]) * (took[2] == "ms" ? 1e-3 : 1), ended.cpu_seconds);
}

}  // namespace tuanyuan::bench
