import { saveFile } from './csv.ts'

/** Twice as many dots as on the page: it goes into slides. */
const sharpness = 2

const load = (address: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => {
      resolve(image)
    }
    image.onerror = () => {
      reject(new Error('the chart could not be drawn as a picture'))
    }
    image.src = address
  })

/** Hands the browser what was drawn, as PNG on the page's ground. */
export const savePicture = async (drawing: SVGSVGElement, name: string): Promise<void> => {
  const { width, height } = drawing.getBoundingClientRect()
  const copy = drawing.cloneNode(true) as SVGSVGElement
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  const source = new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' })
  const address = URL.createObjectURL(source)
  try {
    const image = await load(address)
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(width * sharpness)
    canvas.height = Math.round(height * sharpness)
    const context = canvas.getContext('2d')
    if (context === null) return
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--sheet').trim()
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    const picture = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/png')
    })
    if (picture !== null) saveFile(name, picture)
  } finally {
    URL.revokeObjectURL(address)
  }
}
