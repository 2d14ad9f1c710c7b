/** What every resource rests on: exchange, router, guard, problems, bodies. */
package dev.larder.http.core;
