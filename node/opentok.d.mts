// The types are those of `opentok`, from the package @types/opentok.
import OpenTok = require('opentok');
export default OpenTok;
