/** Names that a sender gave to files. Data only: files lie under random keys of ours. */

const controls = /\p{Cc}|[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu
const maxBytes = 150

const endOf = (name: string): string => /\.[^.]{1,12}$/.exec(name)?.[0] ?? ''

const shorten = (name: string): string => {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const end = endOf(name)
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(name.slice(0, maxBytes))) {
    if (Buffer.byteLength(kept + segment + end) > maxBytes) break
    kept += segment
  }
  return kept + end
}

/** A file name without paths, control and direction characters, trailing dots and spaces; at most 150 bytes. */
export const harmlessName = (name: string | undefined, fallback: string): string => {
  const last = (name ?? '').replace(controls, '').split(/[/\\]/).at(-1) ?? ''
  const trimmed = last
    .replace(/[<>:"|?*]/g, '_')
    .trim()
    .replace(/^\.+/, '')
    .slice(0, 1_000)
    .replace(/[. ]{1,1000}$/, '')
  return trimmed === '' ? fallback : shorten(trimmed)
}
