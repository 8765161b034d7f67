/** A shell command that sends the same request again. */
export const curlOf = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): string => {
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
  const parts = [`curl -i -X ${method} ${quote(url)}`]
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quote(`${name}: ${value}`)}`)
  if (body !== '') parts.push(`--data-binary ${quote(body)}`)
  return parts.join(' \\\n  ')
}
