#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

/// What the benchmarks share: figures as JSON lines, interleaved runs, memory. No threading of its own.
namespace tuanyuan::bench {

/// What a figure has to reach. `ratio` is ours ÷ reference; most goals are about it, some about ours itself.
struct Goal {
  enum class Of { nothing, ratio, ours };
  enum class Bound { at_most, at_least };
  Of of = Of::nothing;
  Bound bound = Bound::at_most;
  double limit = 0;

  static Goal ratio_at_most(double limit) { return {Of::ratio, Bound::at_most, limit}; }
  static Goal ratio_at_least(double limit) { return {Of::ratio, Bound::at_least, limit}; }
  static Goal ours_at_most(double limit) { return {Of::ours, Bound::at_most, limit}; }
  static Goal ours_at_least(double limit) { return {Of::ours, Bound::at_least, limit}; }
  /// Only printed; always met.
  static Goal none() { return {}; }
};

/// One line of `tests/run bench` (contract, section 1).
struct Figure {
  std::string bench;
  double ours = 0;
  double reference = 0;
  std::string reference_is;  ///< what was measured beside ours, in the same run
  std::string unit;          ///< of ours and reference
  Goal goal;
  /// Further numbers worth having on the line: the size of a group reached, the spread of the runs.
  std::vector<std::pair<std::string, double>> more;

  double ratio() const;
  bool met() const;
  /// {"bench":…,"ours":n,"reference":n,"reference_is":…,"unit":…,"ratio":n,"goal":…,"met":bool, more…}. The goal
  /// is a text such as "ratio <= 1.5", or null.
  std::string line() const;
};

struct Bench {
  std::string name;
  /// Runs it and gives its figures. Throws when it could not be run.
  std::function<std::vector<Figure>()> run;
};

/// A program's main: `--list` prints the names; names choose; none means all. Figures go to stdout as they come,
/// progress to stderr. Returns 0: all ran and met their goals; 1: a goal was missed; 2: one could not be run, or
/// a name is unknown.
int run_benches(int argc, char** argv, const std::vector<Bench>& benches);

/// To stderr, a line.
void progress(const std::string& text);

double median(std::vector<double> values);

/// One measurement each of ours and of the reference, taken in turn, so that what else the machine does meets
/// both.
struct Pairs {
  std::vector<double> ours;
  std::vector<double> reference;
};
/// `runs` times both; which goes first alternates.
Pairs interleave(std::size_t runs, const std::function<double()>& ours, const std::function<double()>& reference);

/// Seconds that `work` takes, by the steady clock.
double seconds(const std::function<void()>& work);

/// What one thread waits for and another brings about, again and again.
class Milestone {
 public:
  void reach();
  /// It is still to be reached, again.
  void reset();
  /// False: it was not reached in time.
  bool await(std::chrono::seconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false;
};

/// This process's resident memory in bytes, after free memory was given back to the system.
std::size_t resident_bytes();

/// Runs `work` in a child process, so that it meets a fresh heap, and gives its number. Throws when the child
/// fails. Call it before this process has threads.
double in_child(const std::function<double()>& work);

}  // namespace tuanyuan::bench
