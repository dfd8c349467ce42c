"""What the log must not say."""

import logging
import re


class WithoutArguments(logging.Filter):
    """Keeps mail and the links in it out of the log, where Procrastinate writes all arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        job = getattr(record, "job", None)
        if isinstance(job, dict) and "call_string" in job:
            short = f"{job['task_name']}[{job['id']}]"
            record.msg = record.getMessage().replace(job["call_string"], short)
            record.args = ()
        return True


class WithoutSecrets(logging.Filter):
    """Keeps the links of invitations out of the log: Django names the path of what failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/invite/" in message:
            record.msg = re.sub(r"/invite/[^/\s]+", "/invite/…", message)
            record.args = ()
        return True
