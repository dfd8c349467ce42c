// Tells the server the reader's time zone, so that pages show local times.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const year = 365 * 24 * 3600;
  document.cookie = `time_zone=${encodeURIComponent(zone)}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
}
