/*
 * A FUSE file system of one file, "disk", with injectable device faults.
 *
 *   faultfs [-s] BACKING MOUNTPOINT
 *
 * With -s direct writes are synchronous in the kernel, which then reports a short write as such, and otherwise as EIO.
 *
 * Stays in the foreground. Prints "ready" when it is mounted, and then answers each line on stdin with one line:
 *
 *   fail OP FROM TO ERRNO     requests that touch bytes FROM to TO (exclusive) end with this number
 *   delay OP FROM TO MILLIS   ... are answered that much later
 *   hold OP FROM TO           ... are not answered until they are released
 *   short OP FROM TO          ... and begin before FROM are done up to FROM only
 *   clear                     removes all rules; held requests continue
 *   counts                    "reads N writes N syncs N failed N held N" ("held" is now, the rest since the start)
 *
 * OP is read, write, sync or any; a sync touches every byte. The newest matching rule applies.
 * SIGUSR1 and the end of stdin also clear, so that no process stays stuck after its test. SIGTERM clears, unmounts and
 * ends.
 */
#define FUSE_USE_VERSION 312
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DISK "disk"
#define MAX_RULES 64

enum op { OP_READ = 1, OP_WRITE = 2, OP_SYNC = 4, OP_ANY = 7 };
enum kind { FAIL, DELAY, HOLD, SHORT };

struct rule {
  enum kind kind;
  unsigned ops;
  uint64_t from;
  uint64_t to;
  long argument;
};

static int backing = -1;
static const char *mountpoint;
static bool synchronous;

/* Guards all variables below. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cleared = PTHREAD_COND_INITIALIZER;
static struct rule rules[MAX_RULES];
static int rule_count;
static uint64_t generation;
static uint64_t reads, writes, syncs, failed, held;

static void clear_rules(void) {
  pthread_mutex_lock(&lock);
  rule_count = 0;
  generation++;
  pthread_cond_broadcast(&cleared);
  pthread_mutex_unlock(&lock);
}

static const struct rule *matching(unsigned op, uint64_t from, uint64_t to) {
  for (int i = rule_count - 1; i >= 0; i--) {
    const struct rule *rule = &rules[i];
    if ((rule->ops & op) && from < rule->to && rule->from < to) {
      return rule;
    }
  }
  return NULL;
}

static void sleep_millis(long millis) {
  struct timespec left = {millis / 1000, millis % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

/* Counts a request and applies the rules to it. Returns its new length, or a negative errno. */
static int64_t admit(unsigned op, uint64_t from, uint64_t length) {
  int64_t result = (int64_t)length;
  long millis = 0;
  pthread_mutex_lock(&lock);
  *(op == OP_READ ? &reads : op == OP_WRITE ? &writes : &syncs) += 1;
  const struct rule *rule = matching(op, from, op == OP_SYNC ? UINT64_MAX : from + length);
  if (rule != NULL) {
    uint64_t since = generation;
    switch (rule->kind) {
      case FAIL:
        failed++;
        result = -rule->argument;
        break;
      case DELAY:
        millis = rule->argument;
        break;
      case HOLD:
        held++;
        while (generation == since) {
          pthread_cond_wait(&cleared, &lock);
        }
        held--;
        break;
      case SHORT:
        if (from < rule->from) {
          result = (int64_t)(rule->from - from);
        }
        break;
    }
  }
  pthread_mutex_unlock(&lock);
  if (millis > 0) {
    sleep_millis(millis);
  }
  return result;
}

static bool is_disk(const char *path) { return strcmp(path, "/" DISK) == 0; }

static int get_attributes(const char *path, struct stat *attributes, struct fuse_file_info *file) {
  (void)file;
  if (strcmp(path, "/") == 0) {
    memset(attributes, 0, sizeof *attributes);
    attributes->st_mode = S_IFDIR | 0755;
    attributes->st_nlink = 2;
    return 0;
  }
  if (!is_disk(path)) {
    return -ENOENT;
  }
  return fstat(backing, attributes) == 0 ? 0 : -errno;
}

static int read_directory(const char *path, void *names, fuse_fill_dir_t fill, off_t offset,
                          struct fuse_file_info *file, enum fuse_readdir_flags flags) {
  (void)path, (void)offset, (void)file, (void)flags;
  static const char *const entries[] = {".", "..", DISK};
  for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
    fill(names, entries[i], NULL, 0, 0);
  }
  return 0;
}

static int open_disk(const char *path, struct fuse_file_info *file) {
  (void)file;
  return is_disk(path) ? 0 : -ENOENT;
}

static int truncate_disk(const char *path, off_t size, struct fuse_file_info *file) {
  (void)file;
  if (!is_disk(path)) {
    return -ENOENT;
  }
  return ftruncate(backing, size) == 0 ? 0 : -errno;
}

static int read_disk(const char *path, char *bytes, size_t length, off_t offset, struct fuse_file_info *file) {
  (void)path, (void)file;
  int64_t admitted = admit(OP_READ, (uint64_t)offset, length);
  if (admitted < 0) {
    return (int)admitted;
  }
  ssize_t done = pread(backing, bytes, (size_t)admitted, offset);
  return done < 0 ? -errno : (int)done;
}

static int write_disk(const char *path, const char *bytes, size_t length, off_t offset,
                      struct fuse_file_info *file) {
  (void)path, (void)file;
  int64_t admitted = admit(OP_WRITE, (uint64_t)offset, length);
  if (admitted < 0) {
    return (int)admitted;
  }
  ssize_t done = pwrite(backing, bytes, (size_t)admitted, offset);
  return done < 0 ? -errno : (int)done;
}

/* No test cuts the power of the machine, so that the page cache of the backing file is durable enough. */
static int sync_disk(const char *path, int only_data, struct fuse_file_info *file) {
  (void)path, (void)only_data, (void)file;
  int64_t admitted = admit(OP_SYNC, 0, 0);
  return admitted < 0 ? (int)admitted : 0;
}

/* Writes through the page cache come here before the descriptor is closed. */
static int flush_disk(const char *path, struct fuse_file_info *file) {
  (void)path, (void)file;
  return 0;
}

static bool parse_ops(const char *word, unsigned *ops) {
  static const struct {
    const char *word;
    unsigned ops;
  } known[] = {{"read", OP_READ}, {"write", OP_WRITE}, {"sync", OP_SYNC}, {"any", OP_ANY}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(word, known[i].word) == 0) {
      *ops = known[i].ops;
      return true;
    }
  }
  return false;
}

static bool parse_rule(const char *line, struct rule *rule) {
  static const struct {
    const char *word;
    enum kind kind;
    int words;
  } known[] = {{"fail", FAIL, 5}, {"delay", DELAY, 5}, {"hold", HOLD, 4}, {"short", SHORT, 4}};
  char kind[16], ops[16];
  rule->argument = 0;
  int words = sscanf(line, "%15s %15s %" SCNu64 " %" SCNu64 " %ld", kind, ops, &rule->from, &rule->to,
                     &rule->argument);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (words >= 1 && strcmp(kind, known[i].word) == 0) {
      rule->kind = known[i].kind;
      return words == known[i].words && rule->from < rule->to && rule->argument >= 0 && parse_ops(ops, &rule->ops);
    }
  }
  return false;
}

static void command(const char *line) {
  struct rule rule;
  if (strcmp(line, "clear\n") == 0) {
    clear_rules();
    puts("ok");
  } else if (strcmp(line, "counts\n") == 0) {
    pthread_mutex_lock(&lock);
    printf("reads %" PRIu64 " writes %" PRIu64 " syncs %" PRIu64 " failed %" PRIu64 " held %" PRIu64 "\n", reads,
           writes, syncs, failed, held);
    pthread_mutex_unlock(&lock);
  } else if (!parse_rule(line, &rule)) {
    puts("error: expected fail|delay|hold|short read|write|sync|any FROM TO [ERRNO|MILLIS], clear or counts");
  } else {
    pthread_mutex_lock(&lock);
    bool room = rule_count < MAX_RULES;
    if (room) {
      rules[rule_count++] = rule;
    }
    pthread_mutex_unlock(&lock);
    puts(room ? "ok" : "error: too many rules: clear them first");
  }
  fflush(stdout);
}

static void *control(void *unused) {
  (void)unused;
  char line[256];
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL) {
    command(line);
  }
  clear_rules();
  return NULL;
}

static void *signals(void *handled) {
  while (true) {
    int number;
    if (sigwait(handled, &number) != 0) {
      continue;
    }
    clear_rules();
    if (number != SIGUSR1) {
      /* Lazily: processes with the file open get errors when this process has ended. */
      umount2(mountpoint, MNT_DETACH);
      _exit(0);
    }
  }
}

static void *start(struct fuse_conn_info *connection, struct fuse_config *config) {
  (void)config;
  /* More requests than a loop device has tags, so that the device is full before FUSE. */
  connection->max_background = 1024;
  connection->congestion_threshold = 1024;
  if (synchronous) {
    connection->want &= ~(unsigned)FUSE_CAP_ASYNC_DIO;
  }
  pthread_t thread;
  if (pthread_create(&thread, NULL, control, NULL) != 0) {
    perror("faultfs: pthread_create");
    exit(1);
  }
  pthread_detach(thread);
  return NULL;
}

static const struct fuse_operations operations = {
    .init = start,
    .getattr = get_attributes,
    .readdir = read_directory,
    .open = open_disk,
    .truncate = truncate_disk,
    .read = read_disk,
    .write = write_disk,
    .flush = flush_disk,
    .fsync = sync_disk,
};

int main(int count, char **arguments) {
  synchronous = count > 1 && strcmp(arguments[1], "-s") == 0;
  if (count != (synchronous ? 4 : 3)) {
    fprintf(stderr, "usage: faultfs [-s] BACKING MOUNTPOINT\n");
    return 2;
  }
  backing = open(arguments[count - 2], O_RDWR | O_CLOEXEC);
  if (backing < 0) {
    fprintf(stderr, "faultfs: %s: %s\n", arguments[count - 2], strerror(errno));
    return 1;
  }
  mountpoint = arguments[count - 1];
  /* Blocks the signals before any thread starts, so that one thread handles them. */
  static sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGUSR1);
  sigaddset(&handled, SIGTERM);
  sigaddset(&handled, SIGINT);
  sigaddset(&handled, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &handled, NULL);
  pthread_t thread;
  if (pthread_create(&thread, NULL, signals, &handled) != 0) {
    perror("faultfs: pthread_create");
    return 1;
  }
  /* A held request keeps its thread, so that more threads than tags of a loop device are needed. */
  char *fuse_arguments[] = {arguments[0], "-f", "-o", "max_threads=256,max_idle_threads=256,fsname=faultfs",
                            arguments[count - 1], NULL};
  return fuse_main(5, fuse_arguments, &operations, NULL);
}
