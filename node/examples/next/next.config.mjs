// So that native code runs, and not the WebAssembly module in a bundle.
export default { serverExternalPackages: ['tokmint'] };
