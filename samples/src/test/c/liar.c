/*
 * A library to preload between a process and the kernel's AIO: it replaces syscall(2) of libc. LIAR selects the false
 * result of one completion, the VICTIM-th one of the process (the first is 0):
 *
 *   lose         it never comes
 *   late         it comes 3 s later
 *   duplicate    it comes twice
 *   foreign      one without a request comes before it
 *   error        it says -EIO, although the bytes are written
 *   short        it says half of the bytes, a multiple of 512
 *
 * or of all submissions:
 *
 *   partial      only the first of a batch is taken
 *   eagain       every other call takes nothing and says EAGAIN
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/aio_abi.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#define LATE_SECONDS 3
#define UNISSUED_ID 0x7fffffffffffffffULL

typedef long (*system_call)(long, ...);

/* Guards all variables below. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long completions;
static long submissions;
static bool holding;
static struct io_event held;
static long held_context;
static time_t held_since;

static bool lies(const char *how) {
  const char *wanted = getenv("LIAR");
  return wanted != NULL && strcmp(wanted, how) == 0;
}

static long victim(void) {
  const char *wanted = getenv("VICTIM");
  return wanted == NULL ? 0 : atol(wanted);
}

static time_t seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

static void make_room(struct io_event *events, long at, long *count) {
  memmove(events + at + 1, events + at, (size_t)(*count - at) * sizeof *events);
  ++*count;
}

/* Changes the events of one completion. The array has room for capacity events. */
static void lie(long context, struct io_event *events, long at, long *count, long capacity) {
  if (lies("lose") || lies("late")) {
    holding = lies("late");
    held = events[at];
    held_context = context;
    held_since = seconds();
    memmove(events + at, events + at + 1, (size_t)(*count - at - 1) * sizeof *events);
    --*count;
  } else if (lies("duplicate") && *count < capacity) {
    make_room(events, at, count);
  } else if (lies("foreign") && *count < capacity) {
    make_room(events, at, count);
    events[at].data = UNISSUED_ID;
  } else if (lies("error")) {
    events[at].res = -EIO;
  } else if (lies("short")) {
    events[at].res = events[at].res / 2 / 512 * 512;
  }
}

static long came(long context, struct io_event *events, long count, long capacity) {
  pthread_mutex_lock(&lock);
  long before = completions;
  completions += count;
  if (before <= victim() && victim() < completions) {
    lie(context, events, victim() - before, &count, capacity);
  } else if (holding && held_context == context && count < capacity && seconds() - held_since >= LATE_SECONDS) {
    holding = false;
    events[count++] = held;
  }
  pthread_mutex_unlock(&lock);
  return count;
}

static bool refuses(void) {
  pthread_mutex_lock(&lock);
  bool refused = lies("eagain") && submissions++ % 2 == 0;
  pthread_mutex_unlock(&lock);
  return refused;
}

long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long);
  long d = va_arg(rest, long), e = va_arg(rest, long), f = va_arg(rest, long);
  va_end(rest);
  system_call kernel = (system_call)(long)dlsym(RTLD_NEXT, "syscall");
  if (number == SYS_io_submit) {
    if (refuses()) {
      errno = EAGAIN;
      return -1;
    }
    return kernel(number, a, lies("partial") && b > 1 ? 1 : b, c, d, e, f);
  }
  long result = kernel(number, a, b, c, d, e, f);
  /* context, least, capacity, events, timeout */
  return number == SYS_io_getevents && result >= 0 ? came(a, (struct io_event *)d, result, c) : result;
}
