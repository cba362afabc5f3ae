// Runs a fuzz target without a fuzzer: every file of a corpus, then inputs made of them by chance that can be had
// again. The target runs in a child, so that whatever becomes of it, the input that did it is kept.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using tuanyuan::fuzz::Mutator;

constexpr unsigned input_seconds_max = 60;  // sanitizers on a busy machine included
constexpr std::size_t file_bytes_max = 16 * 1024 * 1024;

constexpr std::string_view usage =
    "usage: fuzz_<name> [--seed N] [--count N] [--keep FILE] FILE|DIRECTORY…\n"
    "Runs every file, then N inputs made of them by chance; the same seed gives the same inputs.\n"
    "  --seed N     1\n"
    "  --count N    0\n"
    "  --keep FILE  where the input goes at which the target fails (failed_input)\n";

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t count = 0;
  std::string keep = "failed_input";
  std::vector<fs::path> paths;
};

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--")) {
      options.paths.emplace_back(word);
      continue;
    }
    if (++i == argc) {
      return std::nullopt;
    }
    const std::string_view value = argv[i];
    if (word == "--keep") {
      options.keep = value;
      continue;
    }
    std::uint64_t& number = word == "--seed" ? options.seed : options.count;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if ((word != "--seed" && word != "--count") || error != std::errc{} || end != value.data() + value.size()) {
      return std::nullopt;
    }
  }
  return options.paths.empty() ? std::nullopt : std::optional(options);
}

/// In the order of their names, so that the same corpus gives the same inputs on every machine.
std::vector<fs::path> files_of(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
      if (entry.is_regular_file()) {
        files.push_back(entry.path());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<std::string> content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return file && content.size() <= file_bytes_max ? std::optional(std::move(content)) : std::nullopt;
}

/// What parent and child both see: which input it is, and the input.
struct Shared {
  std::atomic<std::uint64_t> inputs{0};
  std::atomic<std::size_t> size{0};
  char octets[file_bytes_max]{};
};

Shared* share() {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) Shared;
}

void run_one(const std::string& input, Shared& shared) {
  std::memcpy(shared.octets, input.data(), input.size());
  shared.size = input.size();
  ++shared.inputs;
  alarm(input_seconds_max);
  // A copy of exactly its size, so that a sanitizer sees the first octet read beyond it.
  const std::vector<std::uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  alarm(0);
}

int run_all(const std::vector<std::string>& corpus, const Options& options, Shared& shared) {
  for (const std::string& input : corpus) {
    run_one(input, shared);
  }
  const Mutator mutator(corpus, options.seed);
  for (std::uint64_t index = 0; index < options.count; ++index) {
    run_one(mutator.make(index), shared);
  }
  return 0;
}

int report_failure(int status, const Options& options, const Shared& shared) {
  std::ofstream(options.keep, std::ios::binary).write(shared.octets, static_cast<std::streamsize>(shared.size));
  const std::string how = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM
                              ? "took longer than " + std::to_string(input_seconds_max) + " s"
                          : WIFSIGNALED(status) ? "ended by signal " + std::to_string(WTERMSIG(status))
                                                : "ended with status " + std::to_string(WEXITSTATUS(status));
  std::fprintf(stderr, "input %llu (%zu octets, kept in %s): %s\n",
               static_cast<unsigned long long>(shared.inputs.load()), shared.size.load(), options.keep.c_str(),
               how.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = read_options(argc, argv);
  if (!options) {
    std::fputs(usage.data(), stderr);
    return 2;
  }
  std::vector<std::string> corpus;
  for (const fs::path& file : files_of(options->paths)) {
    auto content = content_of(file);
    if (!content) {
      std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
      return 2;
    }
    corpus.push_back(std::move(*content));
  }
  Shared* shared = share();
  if (shared == nullptr || corpus.empty()) {
    std::fputs("nothing to run\n", stderr);
    return 2;
  }
  const pid_t child = fork();
  if (child == 0) {
    return run_all(corpus, *options, *shared);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    std::fputs("cannot run the target\n", stderr);
    return 2;
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return report_failure(status, *options, *shared);
  }
  std::printf("%llu inputs: %zu of the corpus, %llu made with seed %llu\n",
              static_cast<unsigned long long>(shared->inputs.load()), corpus.size(),
              static_cast<unsigned long long>(options->count), static_cast<unsigned long long>(options->seed));
  return 0;
}
