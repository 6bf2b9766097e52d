// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_tvs_proof` (docs/cucm/resources/tvs_proof.md). */
export interface CucmTvsProofConfig extends cdktf.TerraformMetaArguments {
  /** The cluster whose TVS nodes are asked: the one that phones leave. */
  readonly cluster: string;
  /** Certificates in PEM that every TVS node must vouch for, by SHA-256 (lower-case hex). Fewer with the same `generation`, and none new, means that a node which shows some could not be read: a proof that is true stays. */
  readonly signers: { [key: string]: string };
  /** `generation` of the memberships: a change asks every node again. */
  readonly generation: string;
}

/**
 * The proof that phones will follow: every TVS node of the cluster that they leave is asked, as a phone asks, for every signer of the cluster that they move to. An answer that is no proof is a warning and `proven = false`; what moves phones refuses then.
 *
 * See docs/cucm/resources/tvs_proof.md.
 */
export class CucmTvsProof extends cdktf.TerraformResource {
  public static readonly tfResourceType = "cucm_tvs_proof";

  /**
   * Adds an import block and has `cdktf plan` print the configuration of the imported object.
   * @param scope The scope in which to define this construct
   * @param importToId The construct id used in the generated configuration
   * @param importFromId The id of the existing object, in the form that the documentation page shows
   * @param provider The provider's configuration, when there are several
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: cdktf.TerraformProvider,
  ) {
    return new cdktf.ImportableResource(scope, importToId, {
      terraformResourceType: "cucm_tvs_proof",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: CucmTvsProofConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_tvs_proof",
      terraformGeneratorMetadata: {
        providerName: "cucm",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
      provider: config.provider,
      dependsOn: config.dependsOn,
      count: config.count,
      lifecycle: config.lifecycle,
      provisioners: config.provisioners,
      connection: config.connection,
      forEach: config.forEach,
    });
    this._cluster = config.cluster;
    this._signers = config.signers;
    this._generation = config.generation;
  }

  private _cluster?: string;
  /** The cluster whose TVS nodes are asked: the one that phones leave. */
  public get cluster() {
    return this.getStringAttribute("cluster");
  }
  public set cluster(value: string) {
    this._cluster = value;
  }
  /** What was configured. */
  public get clusterInput() {
    return this._cluster;
  }

  private _signers?: { [key: string]: string };
  /** Certificates in PEM that every TVS node must vouch for, by SHA-256 (lower-case hex). Fewer with the same `generation`, and none new, means that a node which shows some could not be read: a proof that is true stays. */
  public get signers() {
    return this.getStringMapAttribute("signers");
  }
  public set signers(value: { [key: string]: string }) {
    this._signers = value;
  }
  /** What was configured. */
  public get signersInput() {
    return this._signers;
  }

  private _generation?: string;
  /** `generation` of the memberships: a change asks every node again. */
  public get generation() {
    return this.getStringAttribute("generation");
  }
  public set generation(value: string) {
    this._generation = value;
  }
  /** What was configured. */
  public get generationInput() {
    return this._generation;
  }

  /** Whether every TVS node vouched for every signer, with the roles that lists and configurations need. */
  public get proven() {
    return this.getBooleanAttribute("proven");
  }

  private _answers = new cdktf.StringMap(this, "answers");
  /** By node: what its TVS answered, in words. */
  public get answers() {
    return this._answers;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      cluster: cdktf.stringToTerraform(this._cluster),
      signers: cdktf.hashMapper(cdktf.stringToTerraform)(this._signers),
      generation: cdktf.stringToTerraform(this._generation),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      cluster: {
        value: cdktf.stringToHclTerraform(this._cluster),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      signers: {
        value: hclMap(cdktf.stringToHclTerraform)(this._signers),
        isBlock: false,
        type: "map",
        storageClassType: "stringMap",
      },
      generation: {
        value: cdktf.stringToHclTerraform(this._generation),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}

/** CDKTF's HCL writer puts quotes around a key and escapes none that are in it. */
const hclMap = (element: (value: any) => any) => (map: any) => {
  const mapped = cdktf.hashMapperHcl(element)(map);
  if (mapped === map) return map;
  const hclKey = (key: string) => (cdktf.Token.isUnresolved(key) ? key : JSON.stringify(key).slice(1, -1));
  return Object.fromEntries(Object.entries(mapped).map(([key, value]) => [hclKey(key), value]));
};
