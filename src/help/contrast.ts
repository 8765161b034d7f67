/** The share of light that one channel of a colour gives (WCAG 2, relative luminance). */
const lightOf = (value: number): number => {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

const luminance = (hex: string): number => {
  const at = (place: number): number => lightOf(Number.parseInt(hex.slice(place, place + 2), 16))
  return 0.2126 * at(1) + 0.7152 * at(3) + 0.0722 * at(5)
}

/** How far apart two colours `#rrggbb` are in light: 1 to 21. Words need 4.5 (WCAG 2.2, 1.4.3). */
export const contrastOf = (one: string, other: string): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}
