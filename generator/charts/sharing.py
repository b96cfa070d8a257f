"""Sharing: gives another process, a notebook's kernel, a Spark session on the Spark that the build has started.

The author's code asks for its session as anywhere: ``SparkSession.builder.appName(…).getOrCreate()``. What the builder
says of master and application is about another machine and is passed over; settings of a session are heeded.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from generator.charts.master import is_local, is_remote

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway
    from pyspark.sql import SparkSession


def connection(session: SparkSession) -> tuple[int, str]:
    """Port and secret of the gateway to the JVM behind `session`; none of both for Spark Connect."""
    if not hasattr(session, "_jsparkSession"):
        return 0, ""
    parameters = session.sparkContext._gateway.gateway_parameters
    return parameters.port, parameters.auth_token


def release(session: SparkSession) -> None:
    """After a kernel has ended: `session` is the JVM's default one again, and nothing is cached."""
    if hasattr(session, "_jsparkSession"):
        jvm = session._jvm
        assert jvm is not None
        classes = session._get_j_spark_session_class(jvm)
        classes.setDefaultSession(session._jsparkSession)
        classes.setActiveSession(session._jsparkSession)
        # What the kernel cached would stay for the rest of the build.
        session.catalog.clearCache()


def connect(master: str, port: int, secret: str) -> SparkSession:
    """Make this process's session one of its own on the Spark at hand, which nothing here can stop."""
    if is_remote(master):
        os.environ["SPARK_REMOTE"] = master
        from pyspark.sql.connect.session import SparkSession as Remote

        session = Remote.builder.remote(master).getOrCreate()
        _keep(Remote)
        return session
    os.environ |= {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
    if is_local(master):
        os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.java_gateway import launch_gateway

    session = _session(launch_gateway())
    for name in ("PYSPARK_GATEWAY_PORT", "PYSPARK_GATEWAY_SECRET"):
        del os.environ[name]
    _keep(type(session), session.sparkContext)
    return session


def _session(gateway: JavaGateway) -> SparkSession:
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    jvm: Any = gateway.jvm
    running = jvm.org.apache.spark.SparkContext.getOrCreate()
    java_context = jvm.JavaSparkContext.fromSparkContext(running)
    conf = SparkConf(_jvm=jvm, _jconf=java_context.getConf())
    context = SparkContext(gateway=gateway, jsc=java_context, conf=conf)
    default = SparkSession._get_j_spark_session_class(jvm).getDefaultSession()
    # Without views and settings of other sources.
    own = default.get().newSession() if default.isDefined() else None
    return SparkSession(context, own)


def _keep(session: type, context: Any = None) -> None:
    """Take the power to stop Spark, or to go elsewhere, from the classes that author code sees."""
    from pyspark.sql import SparkSession

    for kind in {session, SparkSession}:
        kind.stop = lambda self: None
    for builder in {session.Builder, SparkSession.Builder}:  # type: ignore[attr-defined]
        builder.master = builder.remote = lambda self, *_: self
    if context is not None:
        type(context).stop = lambda self: None
