#include <sys/epoll.h>

// A world is one queue of virtual time: no descriptor of its loops is ever ready. Asio asks the kernel all the
// same, on every pass, and that was a quarter of a run. Who really waits, as for the threads of a ledger on a
// disk, is let through.
extern "C" int epoll_wait(int descriptor, epoll_event* events, int events_max, int timeout_ms) {
  return timeout_ms == 0 ? 0 : epoll_pwait(descriptor, events, events_max, timeout_ms, nullptr);
}
