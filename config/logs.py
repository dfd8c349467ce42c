"""What the log must not say."""

import logging


class WithoutArguments(logging.Filter):
    """Keeps mail and the links in it out of the log, where Procrastinate writes all arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        job = getattr(record, "job", None)
        if isinstance(job, dict) and "call_string" in job:
            short = f"{job['task_name']}[{job['id']}]"
            record.msg = record.getMessage().replace(job["call_string"], short)
            record.args = ()
        return True
