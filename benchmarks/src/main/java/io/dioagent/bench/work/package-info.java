/** What runs inside the forked JVMs. */
package io.dioagent.bench.work;
