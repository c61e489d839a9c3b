/** Programs that run in the forked JVMs. */
package io.dioagent.bench.work;
