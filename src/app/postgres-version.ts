/** The first of each PostgreSQL line without CVE-2026-2005 and CVE-2026-2006; lines before 15 get no fixes any more. */
const mended: Readonly<Record<number, number>> = { 15: 16, 16: 12, 17: 8, 18: 2 }
const oldest = Math.min(...Object.keys(mended).map(Number))

/**
 * What is wrong with a PostgreSQL by its version, as `server_version_num` gives it (180001 is 18.1), and what to do;
 * undefined: nothing that is known.
 */
export const postgresRemark = (versionNumber: number): string | undefined => {
  const [major, minor] = [Math.floor(versionNumber / 10_000), versionNumber % 10_000]
  const needed = mended[major]
  const version = `${String(major)}.${String(minor)}`
  if (major < oldest)
    return `PostgreSQL ${version} 已停止维护 gets no fixes any more; 请升级到 update to ${String(oldest)}.${String(mended[oldest])} 或更新 or newer`
  if (needed === undefined || minor >= needed) return undefined
  return `PostgreSQL ${version} 有已知漏洞 has known holes (CVE-2026-2005, CVE-2026-2006); 请升级到 update to ${String(major)}.${String(needed)} 或更新 or newer`
}
