/*
 * Preloaded into a JVM: sends each of its threads a signal, again and again, whose handler does
 * nothing and is installed without SA_RESTART, so that system calls end with EINTR (signal(7)).
 * Prints the number of signals sent to stderr when the process ends.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile long sent;

static void ignore(int signal) { (void)signal; }

static void *storm(void *unused) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  pid_t self = (pid_t)syscall(SYS_gettid);
  struct timespec pause = {0, 50 * 1000 * 1000};
  while (1) {
    nanosleep(&pause, NULL);
    DIR *tasks = opendir("/proc/self/task");
    if (tasks == NULL) continue;
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
      pid_t thread = (pid_t)atoi(task->d_name);
      if (thread > 0 && thread != self &&
          syscall(SYS_tgkill, getpid(), thread, SIGRTMIN + 5) == 0)
        sent++;
    }
    closedir(tasks);
  }
  return unused;
}

__attribute__((constructor)) static void begin(void) {
  struct sigaction action = {0};
  action.sa_handler = ignore;
  sigaction(SIGRTMIN + 5, &action, NULL);
  pthread_t thread;
  if (pthread_create(&thread, NULL, storm, NULL) == 0) pthread_detach(thread);
}

__attribute__((destructor)) static void end(void) {
  fprintf(stderr, "storm: %ld signals\n", sent);
}
