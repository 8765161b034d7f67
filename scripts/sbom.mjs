// Writes what the product is made of as CycloneDX: its packages of production, those of the Wechaty bridge, which is
// installed apart, and the encoder's model. `npm run -s sbom` prints it, `npm run -s sbom -- FILE` writes it to a file.
// Reads the lock files alone, so that nothing needs to be installed. Ends with 1 when npm cannot.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

const root = join(import.meta.dirname, '..')
const bridgeFolder = join(root, 'channels/wechaty/bridge')
const modelFolder = join(root, 'models/tongda-encoder-zh')
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** Everything that npm knows of a tree, less what is there for development alone. */
const npmSbom = (cwd) => {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
  const options = { cwd, encoding: 'utf8', maxBuffer: 67_108_864, stdio: ['ignore', 'pipe', 'ignore'] }
  const all = JSON.parse(execFileSync('npm', words, options))
  // Measured with npm 11: `--omit dev` leaves out a third of what the bridge installs for production.
  const { packages } = readJson(join(cwd, 'package-lock.json'))
  const kept = new Set(
    Object.entries(packages).flatMap(([path, { name, version, dev }]) =>
      path === '' || dev === true ? [] : [`${name ?? path.split('node_modules/').at(-1)}@${version}`],
    ),
  )
  const main = all.metadata.component['bom-ref']
  const components = all.components
    .filter((one) => kept.has(one['bom-ref']))
    // What is installed under another's name is named after itself, as its `purl` is.
    .map((one) => ({ ...one, name: one['bom-ref'].slice(0, -one.version.length - 1) }))
  const refs = new Set([main, ...components.map((one) => one['bom-ref'])])
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }))
  return { ...all, components, dependencies }
}

/** npm names what it describes after the folder. */
const named = (component, folder, type) => ({
  ...component,
  type,
  name: readJson(join(folder, 'package.json')).name,
})

/** The same package may stand in both trees; a reference names one. */
const refFrom = (tree) => (ref) => `${tree}/${ref}`

const modelComponent = () => {
  const { name, version, sha256, licence } = readJson(join(modelFolder, 'tongda.json'))
  const network = readFileSync(join(modelFolder, 'onnx/model_quantized.onnx'))
  const found = createHash('sha256').update(network).digest('hex')
  if (found !== sha256) throw new Error(`${modelFolder}: the network is not the one that tongda.json names`)
  return {
    ...{ 'bom-ref': `model/${name}@${version}`, type: 'machine-learning-model', name, version },
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    licenses: [{ license: { id: licence } }],
  }
}

const bom = () => {
  const [product, bridge] = [npmSbom(root), npmSbom(bridgeFolder)]
  const model = modelComponent()
  const ref = refFrom('wechaty-bridge')
  const bridgeComponent = named(bridge.metadata.component, bridgeFolder, 'application')
  const main = named(product.metadata.component, root, 'application')
  return {
    ...product,
    metadata: { ...product.metadata, component: main },
    components: [
      ...product.components,
      model,
      {
        ...bridgeComponent,
        'bom-ref': ref(bridgeComponent['bom-ref']),
        scope: 'optional',
        components: bridge.components.map((one) => ({ ...one, 'bom-ref': ref(one['bom-ref']) })),
      },
    ],
    dependencies: [
      ...product.dependencies.map((one) =>
        one.ref === main['bom-ref'] ? { ...one, dependsOn: [...one.dependsOn, model['bom-ref']] } : one,
      ),
      { ref: model['bom-ref'], dependsOn: [] },
      ...bridge.dependencies.map((one) => ({ ref: ref(one.ref), dependsOn: one.dependsOn.map(ref) })),
    ],
  }
}

const text = `${JSON.stringify(bom(), undefined, 2)}\n`
const [, , file] = process.argv
if (file === undefined) process.stdout.write(text)
else writeFileSync(file, text)
